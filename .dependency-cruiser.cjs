/**
 * Which part may import which. A layer of server/src imports only what stands before it in `layers`; see ARCHITECTURE.md.
 * A new folder of server/src is forbidden everything until it is named here.
 */
const layers = ['text', 'knowledge', 'syntax', 'symbols', 'ir', 'analysis', 'report', 'codegen', 'engine'];

/** Plain data that has no imports of its own: open to every layer. */
const plainData = '^server/src/report/model\\.ts$';

const source = (layer) => `^server/src/${layer}/`;

const layerRules = layers.map((layer, index) => ({
  name: `layer-${layer}`,
  severity: 'error',
  comment: `${layer} imports only ${index === 0 ? 'itself' : layers.slice(0, index).join(', ')}`,
  from: { path: source(layer) },
  to: {
    path: '^(server|client)/src/',
    pathNot: [
      source(layer),
      ...layers.slice(0, index).map(source),
      plainData,
      ...(layer === 'knowledge' ? ['^server/src/syntax/marks\\.ts$'] : []),
    ],
  },
}));

module.exports = {
  forbidden: [
    ...layerRules,
    {
      name: 'unknown-layer',
      severity: 'error',
      comment: 'A folder of server/src that is not named in .dependency-cruiser.cjs',
      from: { path: '^server/src/', pathNot: [...layers, 'lsp', 'cli'].map(source) },
      to: {},
    },
    {
      name: 'knowledge-types-of-syntax',
      severity: 'error',
      comment: 'knowledge knows the shape of the dialect, not the mask',
      from: { path: source('knowledge') },
      to: { path: source('syntax'), dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'plain-data-stays-plain',
      severity: 'error',
      comment: 'what every layer may import must import nothing',
      from: { path: plainData },
      to: { path: '.' },
    },
    { name: 'lsp-not-cli', severity: 'error', from: { path: source('lsp') }, to: { path: ['^client/', source('cli')] } },
    { name: 'cli-not-lsp', severity: 'error', from: { path: source('cli') }, to: { path: ['^client/', source('lsp')] } },
    {
      name: 'faces-through-engine',
      severity: 'error',
      comment: 'lsp and cli run nothing of the analysis themselves: values come from engine, text and report, the rest as types only',
      from: { path: [source('lsp'), source('cli')] },
      to: { path: ['syntax', 'symbols', 'ir', 'analysis', 'codegen'].map(source), dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'client-through-protocol',
      severity: 'error',
      comment: 'the extension knows the protocol types and nothing of the analysis',
      from: { path: '^client/src/' },
      to: { path: '^server/src/', pathNot: '^server/src/(lsp/protocol|report/model)\\.ts$' },
    },
    {
      name: 'client-types-only',
      severity: 'error',
      from: { path: '^client/src/' },
      to: { path: '^server/src/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'client-packages',
      severity: 'error',
      from: { path: '^client/src/' },
      to: { path: 'node_modules', pathNot: 'node_modules/(vscode-languageclient|@types/(vscode|node))/' },
    },
    {
      name: 'no-io-below-engine',
      severity: 'error',
      comment: 'from text to codegen nothing does I/O: files come through the FileSystem that is handed in',
      from: { path: layers.slice(0, -1).map(source) },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'tree-sitter-in-one-place',
      severity: 'error',
      from: { path: '^(server|client)/src/', pathNot: '^server/src/syntax/' },
      to: { path: 'node_modules/(web-tree-sitter|tree-sitter)', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'tree-sitter-in-syntax',
      severity: 'error',
      from: { path: '^server/src/syntax/', pathNot: '^server/src/syntax/parser\\.ts$' },
      to: { path: 'node_modules/(web-tree-sitter|tree-sitter)', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'protocol-in-lsp',
      severity: 'error',
      from: { path: '^server/src/', pathNot: source('lsp') },
      to: { path: 'node_modules/vscode-' },
    },
    {
      name: 'named-in-package-json',
      severity: 'error',
      comment: 'what is imported is a dependency of its own, not one that happens to be there',
      from: { path: '^(server|client)/src/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'], pathNot: '@types/vscode' },
    },
    { name: 'no-vscode-in-server', severity: 'error', from: { path: '^server/src/' }, to: { path: '^vscode$|node_modules/@types/vscode' } },
    {
      name: 'not-resolvable',
      severity: 'error',
      from: { path: '^(server|client)/src/' },
      to: { couldNotResolve: true, pathNot: '^vscode$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: 'specify',
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'] },
  },
};
