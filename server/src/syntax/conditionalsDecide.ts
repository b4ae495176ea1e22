import { evaluateExpression, type ExpressionResult } from './conditionalsExpression';
import { Expander } from './macrosExpand';
import type { Macro, MacroTable } from './macrosTable';
import { Gap, parseBody, tokensOfText, type BodyItem, MacroToken } from './macrosTokens';
import { predefinedText, type PreprocessEnvironment } from './preprocessEnvironment';
import { TokenKind } from './tokens';

/** Characters that the macros of one condition may produce. */
const CONDITION_BUDGET = 1 << 16;

/** Decides the conditions of one file, with the driver's macros in force at the time and the kernel's as the environment knows them. */
export class ConditionDecider {
  private readonly predefined = new Map<string, Macro | null>();

  constructor(
    private readonly table: MacroTable,
    private readonly environment: PreprocessEnvironment,
  ) {}

  /** `#ifdef NAME`. */
  isDefined(name: string): boolean {
    if (this.table.find(name)) return true;
    if (this.table.isRemoved(name)) return false;
    return predefinedText(name, this.environment) !== undefined;
  }

  /** `#if TEXT`. */
  decide(text: string): ExpressionResult {
    const tokens = this.answer(tokensOfText(text, 0));
    const expanded = this.answer(this.expand(tokens)).flatMap((token) => (isSymbol(token.text) ? this.symbol(token) : token));
    return evaluateExpression(expanded);
  }

  /** The text that a computed `#include MACRO` names, after expansion. */
  includeText(text: string): string {
    return this.expand(tokensOfText(text, 0))
      .map((token) => token.text)
      .join('');
  }

  private expand(tokens: MacroToken[]): MacroToken[] {
    const host = {
      find: (name: string) => this.table.find(name) ?? (this.table.isRemoved(name) || isSymbol(name) ? undefined : this.kernelMacro(name)),
      itemsOf: (macro: Macro) => this.itemsOf(macro),
      keepsName: () => false,
      problem: () => undefined,
    };
    return new Expander(host, { left: CONDITION_BUDGET }).expandList(tokens) ?? tokens;
  }

  /** `#define HAVE defined(X)` asks about X itself, not about what X stands for. */
  private itemsOf(macro: Macro): BodyItem[] {
    const { definition } = macro;
    if (definition.parameters || !definition.body.includes('defined')) return this.table.itemsOf(macro);
    const body = this.answer(tokensOfText(definition.body, 0));
    return parseBody({ ...definition, body: body.map((token) => (token.gap === Gap.Glued ? '' : ' ') + token.text).join('') });
  }

  /** A configuration symbol's value. Symbols keep their names until the end: `IS_ENABLED(CONFIG_X)` needs them. */
  private symbol(token: MacroToken): MacroToken[] {
    const text = this.table.isRemoved(token.text) ? undefined : predefinedText(token.text, this.environment);
    return text ? tokensOfText(text, 0) : [token];
  }

  private kernelMacro(name: string): Macro | undefined {
    let macro = this.predefined.get(name);
    if (macro === undefined) {
      const body = predefinedText(name, this.environment);
      const definition = { name, parameters: null, variadic: false, body: body ?? '', file: '', offset: 0 };
      // A macro whose text is not known has to stay a name, which counts as 0: an empty text would break the expression.
      macro = body ? { definition, items: parseBody(definition), constant: false, decidedAt: -1, since: 0 } : null;
      this.predefined.set(name, macro);
    }
    return macro ?? undefined;
  }

  /** Replaces `defined X`, `IS_ENABLED(CONFIG_X)` and kin and `__has_…(x)` by 1 or 0. */
  private answer(tokens: readonly MacroToken[]): MacroToken[] {
    const out: MacroToken[] = [];
    for (let i = 0; i < tokens.length; i++) {
      const token = tokens[i];
      const question = token.kind === TokenKind.Identifier ? QUESTIONS.get(token.text) : undefined;
      const open = tokens[i + 1]?.text === '(';
      if (!question || (!open && token.text !== 'defined')) {
        out.push(token);
        continue;
      }
      const name = tokens[i + (open ? 2 : 1)]?.text ?? '';
      if (open) while (i + 1 < tokens.length && tokens[i].text !== ')') i++;
      else i++;
      out.push(new MacroToken(question(this, name) ? '1' : '0', TokenKind.Number, token.gap, token.origin, false, null));
    }
    return out;
  }

  /** @internal */
  isBuiltIn(name: string): boolean {
    return this.isDefined(name);
  }

  /** @internal */
  isModule(name: string): boolean {
    return this.isDefined(name + '_MODULE');
  }
}

function isSymbol(name: string): boolean {
  return name.startsWith('CONFIG_');
}

type Question = (decider: ConditionDecider, name: string) => boolean;

const isEnabled: Question = (decider, name) => decider.isBuiltIn(name) || decider.isModule(name);

const QUESTIONS: ReadonlyMap<string, Question> = new Map<string, Question>([
  ['defined', (decider, name) => decider.isDefined(name)],
  ['IS_ENABLED', isEnabled],
  // A driver is analysed as a module, and a module reaches what is built in and what is a module.
  ['IS_REACHABLE', isEnabled],
  ['IS_BUILTIN', (decider, name) => decider.isBuiltIn(name)],
  ['IS_MODULE', (decider, name) => decider.isModule(name)],
  ['__has_attribute', () => false],
  ['__has_builtin', () => false],
  ['__has_feature', () => false],
  ['__has_extension', () => false],
  ['__has_include', () => false],
  ['__has_warning', () => false],
]);
