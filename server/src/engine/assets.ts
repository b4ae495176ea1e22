/** Files that the engine ships with: WebAssembly modules and the knowledge base. In a bundle they lie beside it, in a checkout in node_modules. */
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface Assets {
  runtimeWasm: Uint8Array;
  grammarWasm: Uint8Array;
  /** The knowledge base: one JSON file in a bundle, YAML files in a checkout. */
  knowledge: { name: string; text: string }[];
}

/** The folder of this file: of the bundle when bundled. */
function here(): string {
  return typeof __dirname === 'string' ? __dirname : dirname(new URL(import.meta.url).pathname);
}

function yamlFiles(folder: string, prefix = ''): { name: string; text: string }[] {
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const path = join(folder, name);
      if (statSync(path).isDirectory()) return name === 'schema' ? [] : yamlFiles(path, `${prefix}${name}/`);
      return name.endsWith('.yaml') ? [{ name: prefix + name, text: readFileSync(path, 'utf8') }] : [];
    });
}

/** Reads the assets. Throws when the installation is broken: nothing works without them. */
export function loadAssets(): Assets {
  const bundled = here();
  if (existsSync(join(bundled, 'tree-sitter-c.wasm'))) {
    return {
      runtimeWasm: readFileSync(join(bundled, 'web-tree-sitter.wasm')),
      grammarWasm: readFileSync(join(bundled, 'tree-sitter-c.wasm')),
      knowledge: [{ name: 'knowledge.json', text: readFileSync(join(bundled, 'knowledge.json'), 'utf8') }],
    };
  }
  const root = join(bundled, '..', '..', '..');
  return {
    runtimeWasm: readFileSync(join(root, 'node_modules/web-tree-sitter/web-tree-sitter.wasm')),
    grammarWasm: readFileSync(join(root, 'node_modules/tree-sitter-c/tree-sitter-c.wasm')),
    knowledge: yamlFiles(join(root, 'server/knowledge')),
  };
}
