import { preprocess } from '../../../server/src/syntax/preprocess';
import type { MacroDefinition, PreprocessedFile } from '../../../server/src/syntax/preprocessed';
import { bareEnvironment, type PreprocessEnvironment } from '../../../server/src/syntax/preprocessEnvironment';
import { scan, TokenKind } from '../../../server/src/syntax/tokens';
import { parseConfiguration } from '../../../server/src/text/configuration';

/** Preprocesses a text that stands alone, with a configuration given as lines of auto.conf and headers by name. */
export function run(
  text: string,
  options: Partial<PreprocessEnvironment> & { config?: string; headers?: Record<string, string> } = {},
): PreprocessedFile {
  const { config = '', headers = {}, ...rest } = options;
  const open = new Set<string>();
  const environment: PreprocessEnvironment = {
    ...bareEnvironment(parseConfiguration(config)),
    headerMacros: (include): MacroDefinition[] | undefined => {
      const header = include.angled ? undefined : headers[include.path];
      // As the engine does: a header that includes itself adds nothing.
      if (header === undefined || open.has(include.path)) return undefined;
      open.add(include.path);
      const { exported } = preprocess(include.path, header, environment);
      open.delete(include.path);
      return exported;
    },
    inlineText: (include) => (headers[include.path] === undefined ? undefined : { file: include.path, text: headers[include.path] }),
    ...rest,
  };
  return preprocess('driver.c', text, environment);
}

/** The expanded text with white space made uniform. */
export function flat(result: PreprocessedFile): string {
  return result.text.replace(/\s+/g, ' ').trim();
}

const OPERATORS = [
  '<<=',
  '>>=',
  '...',
  '->',
  '++',
  '--',
  '<<',
  '>>',
  '<=',
  '>=',
  '==',
  '!=',
  '&&',
  '||',
  '+=',
  '-=',
  '*=',
  '/=',
  '%=',
  '&=',
  '|=',
  '^=',
  '##',
];

/** C's tokens of a text, operators of several characters joined: what decides whether two texts mean the same. */
export function tokenTexts(text: string): string[] {
  const tokens = scan(text);
  const list: string[] = [];
  for (let i = 0; i < tokens.count; i++) {
    if (tokens.kind[i] === TokenKind.Directive) continue;
    const rest = text.slice(tokens.start[i], tokens.start[i] + 3);
    const operator = tokens.kind[i] === TokenKind.Punctuator ? OPERATORS.find((o) => rest.startsWith(o)) : undefined;
    if (operator) {
      list.push(operator);
      i += operator.length - 1;
    } else list.push(text.slice(tokens.start[i], tokens.end[i]));
  }
  return list;
}
