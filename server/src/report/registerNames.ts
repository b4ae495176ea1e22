/** Names of registers in the text of an argument. */
import type { DriverContext } from './context';

const IDENTIFIER = /[A-Za-z_]\w*/g;

/** Constants that the driver's own text names, and the function's parameters (by number) that stand in the text beside them. */
export function constantNames(driver: DriverContext, id: number, text: string): { names: string[]; parameters: number[] } {
  const { file, ir } = driver.analysis.nodes[id];
  const scope = driver.scopeOf(file);
  const names: string[] = [];
  const parameters: number[] = [];
  for (const name of text.match(IDENTIFIER) ?? []) {
    const parameter = ir.locals.findIndex((l) => l.parameter && l.name === name);
    if (parameter >= 0) parameters.push(parameter);
    else if (scope.enumConstant(name) !== undefined || scope.macro(name)?.origin === 'driver') names.push(name);
  }
  return { names, parameters };
}
