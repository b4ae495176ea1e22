/**
 * Checks the knowledge files against their schemas and joins them into one JSON file, which the product reads at start.
 *
 *   node --import=tsx scripts/knowledge-build.ts [OUTPUT]      OUTPUT: default dist/knowledge.json
 *
 * Exit status 1, with a message per row, when a file is not as its schema says.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { knowledgeToJson, readKnowledgeFiles } from '../server/src/knowledge/load';
import { knowledgeTexts, schemaProblems } from './knowledge-files';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Problems of all files: what the schemas and what the loader's own checks say. */
export function buildKnowledgeJson(): { json: string; problems: string[] } {
  const texts = knowledgeTexts();
  const { files, problems } = readKnowledgeFiles(texts);
  const messages = [...texts.flatMap(schemaProblems), ...problems.map((p) => `${p.file}: ${p.row}: ${p.message}`)];
  return { json: knowledgeToJson(files), problems: messages };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const output = process.argv[2] ?? join(root, 'dist/knowledge.json');
  const { json, problems } = buildKnowledgeJson();
  if (problems.length > 0) {
    for (const problem of problems) console.error(problem);
    process.exit(1);
  }
  mkdirSync(dirname(output), { recursive: true });
  writeFileSync(output, json);
}
