/** Initialisers of locals: which members get which values. Internal to `ir`. */
import type { Builder, PlaceValue } from './builder';
import { assign, consume, lowerUsed, lowerValue } from './expressions';
import type { Step } from './model';
import { childByField, Field, Kind, namedChild, namedChildrenOf } from './nodeReading';
import { UNKNOWN } from '../symbols/types';

export function lowerInitializer(b: Builder, target: PlaceValue, node: number): void {
  const { nodes } = b.source;
  if (node === 0) return;
  if (nodes.kind[node] !== Kind.initializer_list) {
    assign(b, target, consume(b, lowerValue(b, node), node), node);
    return;
  }
  const record = b.scope.recordOf(target.type);
  let position = 0;
  for (const entry of namedChildrenOf(nodes, node)) {
    if (nodes.kind[entry] === Kind.initializer_pair) {
      lowerInitializer(b, designated(b, target, entry), childByField(nodes, entry, Field.value));
      const member = record && designatedMember(b, entry);
      if (member) position = record.members.findIndex((m) => m.name === member) + 1;
      continue;
    }
    const member = record?.members[position];
    const element: PlaceValue = member
      ? extend(target, { kind: 'field', record: record.name, field: member.name }, member.type)
      : extend(target, { kind: 'index', at: position }, arrayElement(b, target));
    lowerInitializer(b, element, entry);
    position++;
  }
}

function arrayElement(b: Builder, target: PlaceValue): PlaceValue['type'] {
  const type = b.scope.resolve(target.type);
  return type.kind === 'array' ? type.of : UNKNOWN;
}

function extend(target: PlaceValue, step: Step, type: PlaceValue['type']): PlaceValue {
  return { place: { base: target.place.base, steps: [...target.place.steps, step] }, type, bits: null };
}

function designatedMember(b: Builder, pair: number): string | null {
  const first = childByField(b.source.nodes, pair, Field.designator);
  return first ? fieldOf(b, first) : null;
}

function fieldOf(b: Builder, designator: number): string | null {
  const { nodes } = b.source;
  if (nodes.kind[designator] === Kind.field_identifier) return b.text(designator);
  return nodes.kind[designator] === Kind.field_designator ? b.text(namedChild(nodes, designator, 0)) : null;
}

/** The place that `.a.b[3] = …` names. */
function designated(b: Builder, target: PlaceValue, pair: number): PlaceValue {
  const { nodes } = b.source;
  let place = target;
  for (const child of namedChildrenOf(nodes, pair)) {
    if (nodes.field[child] !== Field.designator) continue;
    const field = fieldOf(b, child);
    if (field === null) {
      const index = lowerUsed(b, namedChild(nodes, child, 0));
      place = extend(place, { kind: 'index', at: index.kind === 'constant' ? index.value : null }, arrayElement(b, place));
      continue;
    }
    const record = b.scope.recordOf(place.type);
    const found = record && b.scope.member(record, field);
    place = extend(place, { kind: 'field', record: found?.record.name ?? '', field }, found?.member.type ?? UNKNOWN);
  }
  return place;
}
