/** The attributes that change a layout: packed, aligned, cache line alignment, `#pragma pack`. */
import type { DataModel } from './basicTypes';
import { attributeUses } from './declarationsAttributes';
import type { AttributeUse } from './types';

/**
 * Kernel words that stand for `aligned(…)`: include/linux/cache.h and include/linux/mmzone.h. The expression is evaluated with the kernel's macros.
 * `____cacheline_internodealigned_in_smp` differs from the others on x86 with CONFIG_X86_VSMP only.
 */
const ALIGNED_WORDS: Readonly<Record<string, string>> = {
  ____cacheline_aligned: 'SMP_CACHE_BYTES',
  ____cacheline_aligned_in_smp: 'SMP_CACHE_BYTES',
  __cacheline_aligned: 'SMP_CACHE_BYTES',
  __cacheline_aligned_in_smp: 'SMP_CACHE_BYTES',
  ____cacheline_internodealigned_in_smp: '1 << INTERNODE_CACHE_SHIFT',
  __page_aligned_data: 'PAGE_SIZE',
  __page_aligned_bss: 'PAGE_SIZE',
};
const IN_SMP = /_in_smp$/;

/** The name under which the header reader hands a `#pragma pack(n)` in force on, as if it were an attribute of the record. */
export const PRAGMA_PACK = '#pragma pack';

export function isPacked(attributes: readonly AttributeUse[] | undefined): boolean {
  return attributes !== undefined && attributes.some((a) => a.name === '__packed' || a.name === 'packed' || a.name === '__packed__');
}

/**
 * The attributes with macros that stand for `packed` or `aligned` (`CRYPTO_MINALIGN_ATTR`, `EPOLL_PACKED`) replaced by what they stand for.
 * Words known here stay as they are.
 */
export function expandedAttributes(
  attributes: readonly AttributeUse[],
  macroBody: (name: string) => string | undefined,
): readonly AttributeUse[] {
  if (!attributes.some((a) => isOpaque(a))) return attributes;
  return attributes.flatMap((attribute) => {
    const body = isOpaque(attribute) ? macroBody(attribute.name) : undefined;
    const inner = body === undefined ? null : /^\s*__attribute(?:__)?\s*\(\((.*)\)\)\s*$/s.exec(body);
    if (inner) return attributeUses('__attribute__', `(${inner[1]})`);
    return body !== undefined && /^\w+$/.test(body) && body !== attribute.name
      ? [{ name: body, arguments: attribute.arguments }]
      : [attribute];
  });
}

/** A word without arguments whose meaning for the layout only its macro tells. */
function isOpaque(attribute: AttributeUse): boolean {
  return (
    attribute.arguments === null &&
    !ALIGNED_WORDS[attribute.name] &&
    !/^_*(packed|aligned|rcu|user|iomem|percpu|init|exit|randomize_layout|maybe_unused)_*$/.test(attribute.name) &&
    attribute.name !== PRAGMA_PACK
  );
}

/** Bytes of the `#pragma pack` in force for a record; undefined for none. */
export function packLimit(attributes: readonly AttributeUse[] | undefined): number | undefined {
  const pragma = attributes?.find((a) => a.name === PRAGMA_PACK);
  const limit = pragma ? Number(pragma.arguments) : NaN;
  return limit > 0 ? limit : undefined;
}

/** The largest alignment that the attributes ask for, in bytes; null when one cannot be evaluated; undefined when there is none. */
export function alignedAttribute(
  attributes: readonly AttributeUse[] | undefined,
  model: DataModel | undefined,
  evaluate: (text: string) => number | null,
): number | null | undefined {
  if (!attributes || attributes.length === 0) return undefined;
  let largest: number | undefined;
  for (const attribute of attributes) {
    const asked = alignmentOf(attribute, model, evaluate);
    if (asked === null) return null;
    if (asked !== undefined) largest = Math.max(largest ?? 0, asked);
  }
  return largest;
}

function alignmentOf(
  attribute: AttributeUse,
  model: DataModel | undefined,
  evaluate: (text: string) => number | null,
): number | null | undefined {
  const { name } = attribute;
  if (name === '__aligned' || name === 'aligned' || name === '__aligned__' || name === '_Alignas' || name === '__alignas') {
    if (attribute.arguments === null || attribute.arguments.trim() === '') return model?.biggestAlignment ?? null;
    return evaluate(attribute.arguments);
  }
  const text = ALIGNED_WORDS[name];
  if (text === undefined) return undefined;
  // Without CONFIG_SMP the word is empty.
  if (IN_SMP.test(name) && evaluate('IS_ENABLED(CONFIG_SMP)') === 0) return undefined;
  return evaluate(text);
}
