/** Debian's neovim 0.7 as a foreign client of the server as it is shipped, with the real engine: it knows pushed diagnostics only and offers no position encodings. */
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { skip } from '../support/skip';
import { demoDriver } from './support/demoDriver';

const server = join(import.meta.dirname, '../../dist/server.cjs');

/** The function that waits, and where its name stands. */
const waiting = 'demo_suspend';
const line = demoDriver.split('\n').findIndex((text) => text.startsWith(`static int ${waiting}`));

/** Opens the file, waits for diagnostics, hovers over the entry point, writes what came as JSON and quits. */
const script = (server: string, folder: string, output: string): string => `
local client = vim.lsp.start_client({ name = 'fgft', cmd = { '${process.execPath}', '${server}', '--stdio' }, root_dir = '${folder}' })
vim.cmd('edit ${folder}/driver.c')
vim.bo.filetype = 'c'
vim.lsp.buf_attach_client(0, client)
vim.wait(40000, function() return #vim.diagnostic.get(0) > 0 end, 20)
local result = { diagnostics = {} }
for _, d in ipairs(vim.diagnostic.get(0)) do
  table.insert(result.diagnostics, { line = d.lnum, column = d.col, message = d.message, source = d.source })
end
vim.api.nvim_win_set_cursor(0, { ${line + 1}, 13 })
local answers = vim.lsp.buf_request_sync(0, 'textDocument/hover', vim.lsp.util.make_position_params(0, 'utf-16'), 20000)
for _, answer in pairs(answers or {}) do result.hover = answer.result and answer.result.contents.value end
local symbols = vim.lsp.buf_request_sync(0, 'textDocument/documentSymbol', { textDocument = vim.lsp.util.make_text_document_params(0) }, 20000)
for _, answer in pairs(symbols or {}) do result.symbols = answer.result end
local file = io.open('${output}', 'w')
file:write(vim.fn.json_encode(result))
file:close()
vim.cmd('qall!')
`;

describe('neovim as a client', function () {
  this.timeout(100_000);

  it('gets pushed diagnostics, the hover and the symbols', async function () {
    const version = spawnSync('nvim', ['--version'], { encoding: 'utf8' });
    if (version.status !== 0) skip(this, 'nvim is not installed (Debian: apt-get install neovim)');
    if (!existsSync(server)) skip(this, 'dist/server.cjs is not built (npm run build)');
    const folder = mkdtempSync(join(tmpdir(), 'fgft-nvim-'));
    try {
      const output = join(folder, 'result.json');
      writeFileSync(join(folder, 'driver.c'), demoDriver);
      writeFileSync(join(folder, 'test.lua'), script(server, folder, output));
      const run = promisify(execFile)('nvim', ['--headless', '-u', 'NONE', '-i', 'NONE', '-n', '-c', `luafile ${folder}/test.lua`], {
        timeout: 90_000,
        env: { ...process.env, XDG_CACHE_HOME: folder, XDG_STATE_HOME: folder, XDG_DATA_HOME: folder, FGFT_CACHE: folder },
      });
      const { stderr } = await run;
      const result = JSON.parse(readFileSync(output, 'utf8'));
      const wait = demoDriver.split('\n').findIndex((text) => text.includes('wait_for_completion'));
      const found = result.diagnostics as { line: number; message: string; source: string }[];
      assert.ok(
        found.some((d) => d.line === wait && d.source === 'fgft' && d.message.includes('demo_suspend waits for')),
        `${JSON.stringify(found)} ${stderr}`,
      );
      assert.match(result.hover, /\*\*demo\\_suspend\*\*: `platform_driver\.suspend`/);
      assert.match(result.hover, /mode/);
      assert.ok((result.symbols as { name: string }[]).some((symbol) => symbol.name === waiting));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
