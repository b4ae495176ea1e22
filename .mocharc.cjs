/** How every test runs, also when one is run by hand: `npx mocha test/unit/text/lines.test.ts`. */
module.exports = {
  import: ['tsx'],
  extension: ['ts'],
  timeout: 60_000,
  slow: 2_000,
  'forbid-only': Boolean(process.env.CI),
};
