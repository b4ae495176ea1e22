/** Reads the knowledge files of this checkout and holds them against their JSON schemas. */
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv, type ValidateFunction } from 'ajv';
import { parse } from 'yaml';

/** Where the knowledge files of this checkout are. */
export const knowledgeFolder = join(dirname(dirname(fileURLToPath(import.meta.url))), 'server/knowledge');
/** The file that `knowledge-generate.ts` writes. */
export const GENERATED_FILE = 'functions/generated.yaml';
const folder = knowledgeFolder;

/** All YAML files, named relative to `server/knowledge`, in the order in which they are loaded. */
export function knowledgeTexts(): { name: string; text: string }[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));
}

const ajv = new Ajv({ allErrors: true, strict: false });
const validators = new Map<string, ValidateFunction>();

function validatorOf(kind: string): ValidateFunction | undefined {
  let validator = validators.get(kind);
  if (!validator) {
    try {
      validator = ajv.compile(JSON.parse(readFileSync(join(folder, `schema/${kind}.schema.json`), 'utf8')) as object);
    } catch {
      return undefined;
    }
    validators.set(kind, validator);
  }
  return validator;
}

/** What one file's schema has against it, as messages that name the place. */
export function schemaProblems({ name, text }: { name: string; text: string }): string[] {
  const content = parse(text) as { kind?: string };
  const validator = validatorOf(String(content.kind));
  if (!validator) return [`${name}: no schema for kind ${String(content.kind)}`];
  if (validator(content)) return [];
  return (validator.errors ?? []).map((error) => `${name}: ${error.instancePath} ${error.message ?? ''}`);
}
