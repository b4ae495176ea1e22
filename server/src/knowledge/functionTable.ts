/** Rows of kernel functions by name, made when they are asked for: a driver calls a few hundred of twelve thousand. */
import type { RawRow } from './files';
import type { KernelFunction, KernelFunctions, PrivateAreaFunction, Provenance } from './model';

/** A row as a file has it, with where it comes from. */
export interface FunctionSource {
  row: RawRow;
  from: Provenance;
}

/** Immutable to its users. Rows written by hand win over generated ones, which complete them. */
export class FunctionTable implements KernelFunctions {
  private readonly made = new Map<string, KernelFunction>();
  private areas: readonly PrivateAreaFunction[] | null = null;

  constructor(
    private readonly written: ReadonlyMap<string, FunctionSource>,
    private readonly generated: ReadonlyMap<string, FunctionSource>,
  ) {}

  get(name: string): KernelFunction | undefined {
    const known = this.made.get(name);
    if (known) return known;
    const written = this.written.get(name);
    const generated = this.generated.get(name);
    if (!written && !generated) return undefined;
    const row =
      written && generated ? completed(functionOf(name, written), functionOf(name, generated)) : functionOf(name, (written ?? generated)!);
    this.made.set(name, row);
    return row;
  }

  has(name: string): boolean {
    return this.written.has(name) || this.generated.has(name);
  }

  get size(): number {
    let size = this.written.size;
    for (const name of this.generated.keys()) if (!this.written.has(name)) size++;
    return size;
  }

  /** Those whose result leads to memory that an argument's object keeps for the driver (`netdev_priv`); only their rows are made. */
  privateAreas(): readonly PrivateAreaFunction[] {
    if (this.areas) return this.areas;
    const names = new Set<string>();
    for (const rows of [this.written, this.generated])
      for (const [name, { row }] of rows) if ((row.returns as KernelFunction['returns'])?.kind === 'private-area') names.add(name);
    this.areas = [...names].map((name) => this.get(name)!).filter((f): f is PrivateAreaFunction => f.returns?.kind === 'private-area');
    return this.areas;
  }

  *keys(): MapIterator<string> {
    yield* this.written.keys();
    for (const name of this.generated.keys()) if (!this.written.has(name)) yield name;
  }

  *values(): MapIterator<KernelFunction> {
    for (const name of this.keys()) yield this.get(name)!;
  }

  *entries(): MapIterator<[string, KernelFunction]> {
    for (const name of this.keys()) yield [name, this.get(name)!];
  }

  [Symbol.iterator](): MapIterator<[string, KernelFunction]> {
    return this.entries();
  }

  forEach(action: (row: KernelFunction, name: string, map: ReadonlyMap<string, KernelFunction>) => void): void {
    for (const [name, row] of this) action(row, name, this);
  }
}

function functionOf(name: string, { row, from }: FunctionSource): KernelFunction {
  return { macro: false, arguments: {}, effects: [], ...row, ...from, name } as unknown as KernelFunction;
}

/** A row written by hand with what the headers say besides: each column that it has stands, each argument that it names too. */
function completed(written: KernelFunction, generated: KernelFunction): KernelFunction {
  return { ...generated, ...written, arguments: { ...generated.arguments, ...written.arguments } };
}
