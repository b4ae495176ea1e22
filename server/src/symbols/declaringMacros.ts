/** Variables that kernel macros declare at file scope: `DEFINE_MUTEX(m)`, `static LIST_HEAD(h)`, `DEVICE_ATTR_RW(x)`. */
import type { DeclaringMacro } from '../knowledge/model';
import { parseTypeName } from './typeNames';
import type { FileMacroCall, VariableDeclaration } from './types';

/** What a file-scope macro call declares, according to the knowledge base. Nothing for a macro that is not known. */
export function variablesOfMacro(call: FileMacroCall, macros: ReadonlyMap<string, DeclaringMacro>): VariableDeclaration[] {
  return (macros.get(call.name)?.declares ?? []).map(({ variable, record }) => ({
    name: fillTemplate(variable, call.arguments),
    // A name with a blank or a `_t` is a type name as it stands, any other is a struct's tag.
    type: parseTypeName(/\s|_t$/.test(record) ? record : `struct ${record}`),
    attributes: [],
    storage: 'static',
    constant: false,
    initializer: null,
    place: call.place,
  }));
}

/** `$0_show` with the macro's arguments filled in. */
export function fillTemplate(template: string, args: readonly string[]): string {
  return template.replace(/\$(\d)/g, (_, n: string) => (args[Number(n)] ?? '').trim().replace(/^&/, ''));
}
