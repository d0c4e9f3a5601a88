import type { PayloadIndex, StoredCollection, StoredPoint } from '../collection.ts';
import { strictModeError } from '../errors.ts';
import { isRecord } from './payload-path.ts';
import type { Condition, FieldCondition, Filter, MatchCondition } from './filter-body.ts';

/** True when the point passes; an absent filter passes everything. */
export function matches(point: StoredPoint, filter: Filter | null | undefined): boolean {
  if (filter === null || filter === undefined) return true;
  const holds = (condition: Condition): boolean => conditionHolds(point, condition);
  const { must, should, must_not: mustNot, min_should: minShould } = filter;
  if (must && !must.every(holds)) return false;
  if (mustNot?.some(holds)) return false;
  if (should && should.length > 0 && !should.some(holds)) return false;
  return !minShould || minShould.conditions.filter(holds).length >= minShould.min_count;
}

/**
 * Throws what strict mode answers to a filter on a field without a payload index (qdrant 1.19.0,
 * lib/collection/src/problems/unindexed_field.rs). Qdrant Cloud turns it on for new collections.
 */
export function checkIndexes(
  { strict, indexes }: StoredCollection,
  { filter, use }: { filter: Filter; use: 'retrieve' | 'update' },
): void {
  const allowed =
    use === 'retrieve' ? strict.unindexed_filtering_retrieve : strict.unindexed_filtering_update;
  if (allowed !== false) return;
  for (const condition of conditionsOf(filter)) {
    const needed = neededIndex(condition);
    if (needed === null || needed.types.length === 0) continue;
    const index = indexes.get(needed.key);
    if (index !== undefined && needed.types.some((type) => serves(index, type))) continue;
    throw strictModeError(
      `Index required but not found for "${needed.key}" of one of the following types: [${needed.types.toSorted().join(', ')}]`,
      'Create an index for this key or use a different filter.',
    );
  }
}

/** `keyword` serves keyword, with a prefix too where it was created so; phrases likewise. */
function serves({ type, params }: PayloadIndex, needed: string): boolean {
  const [name, option] = needed.split(' (with ');
  if (option === undefined) return type === name;
  return type === name && params?.[option.replace(': true)', '')] === true;
}

/** Every value at a path; `a.b` goes into objects, `a[].b` and plain `a.b` into arrays, as the vendor's do. */
export function valuesAt(payload: unknown, path: string): unknown[] {
  let values: unknown[] = [payload];
  for (const part of path.split('.')) {
    const key = part.replace(/\[\d*\]$/, '').replaceAll(/^"|"$/g, '');
    values = values
      .flatMap((value) => (Array.isArray(value) ? (value as unknown[]) : [value]))
      .map((value) => (isRecord(value) ? value[key] : undefined))
      .filter((value) => value !== undefined);
  }
  return values.flatMap((value) => (Array.isArray(value) ? (value as unknown[]) : [value]));
}

function conditionHolds(point: StoredPoint, condition: Condition): boolean {
  if ('key' in condition) return fieldHolds(point.payload, condition);
  if ('has_id' in condition) return condition.has_id.includes(point.id);
  if ('has_vector' in condition) {
    return point.dense.has(condition.has_vector) || point.sparse.has(condition.has_vector);
  }
  if ('is_empty' in condition) return isEmptyAt(point.payload, condition.is_empty.key);
  if ('is_null' in condition) return valuesAt(point.payload, condition.is_null.key).includes(null);
  if ('nested' in condition) {
    const { key, filter } = condition.nested;
    return valuesAt(point.payload, key).some(
      (element) => isRecord(element) && matches({ ...point, payload: element }, filter),
    );
  }
  return matches(point, condition);
}

function fieldHolds(payload: Record<string, unknown>, condition: FieldCondition): boolean {
  const values = valuesAt(payload, condition.key);
  if (condition.is_empty != null) return isEmptyAt(payload, condition.key) === condition.is_empty;
  if (condition.is_null != null) return values.includes(null) === condition.is_null;
  if (condition.match) {
    const { match } = condition;
    return values.some((value) => matchHolds(value, match));
  }
  if (condition.range) {
    const { range } = condition;
    return values.some((value) => inRange(value, range));
  }
  if (condition.values_count) return inRange(values.length, condition.values_count);
  return false;
}

function matchHolds(value: unknown, match: MatchCondition): boolean {
  if (match.value !== undefined) return value === match.value;
  if (match.any !== undefined) return match.any.includes(value);
  if (match.except !== undefined) return !match.except.includes(value);
  if (typeof value !== 'string') return false;
  if (match.prefix !== undefined) return value.startsWith(match.prefix);
  if (match.text_any !== undefined) {
    const words = match.text_any.toLowerCase().split(/\s+/);
    return words.some((word) => value.toLowerCase().includes(word));
  }
  if (match.phrase !== undefined) return value.toLowerCase().includes(match.phrase.toLowerCase());
  const text = value.toLowerCase();
  return (match.text ?? '')
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

function inRange(value: unknown, range: Record<string, number | string | null>): boolean {
  const compared = (bound: number | string): number => {
    if (typeof bound === 'number') return typeof value === 'number' ? value - bound : Number.NaN;
    return Date.parse(String(value)) - Date.parse(bound);
  };
  const { gt, gte, lt, lte } = range;
  return (
    (gt == null || compared(gt) > 0) &&
    (gte == null || compared(gte) >= 0) &&
    (lt == null || compared(lt) < 0) &&
    (lte == null || compared(lte) <= 0)
  );
}

/** Missing, null or an empty list. */
function isEmptyAt(payload: Record<string, unknown>, key: string): boolean {
  return valuesAt(payload, key).every((value) => value === null);
}

/** All conditions of a filter, those of filters inside it too. */
export function conditionsOf(filter: Filter): Condition[] {
  const own = [
    ...(filter.must ?? []),
    ...(filter.should ?? []),
    ...(filter.must_not ?? []),
    ...(filter.min_should?.conditions ?? []),
  ];
  return own.flatMap((condition) => (isFilter(condition) ? conditionsOf(condition) : [condition]));
}

function isFilter(condition: Condition): condition is Filter {
  return 'must' in condition || 'should' in condition || 'must_not' in condition || 'min_should' in condition;
}

const anyType = [
  'bool',
  'datetime',
  'float',
  'geo',
  'integer',
  'keyword',
  'keyword (with prefix: true)',
  'text',
  'text (with phrase_matching: true)',
  'uuid',
];

/** The field that a condition reads, and the indexes that would serve it; null where none is needed. */
function neededIndex(condition: Condition): { key: string; types: string[] } | null {
  if ('is_empty' in condition && typeof condition.is_empty === 'object' && condition.is_empty !== null)
    return { key: condition.is_empty.key, types: anyType };
  if ('is_null' in condition && typeof condition.is_null === 'object' && condition.is_null !== null)
    return { key: condition.is_null.key, types: anyType };
  if (!('key' in condition)) return null;
  const { key, match, range, values_count: count, is_empty: empty, is_null: isNull } = condition;
  if (count != null || empty != null || isNull != null) return { key, types: anyType };
  const isDate = Object.values(range ?? {}).some((bound) => typeof bound === 'string');
  return {
    key,
    types: range == null ? matchTypes(match ?? {}) : isDate ? ['datetime'] : ['integer', 'float'],
  };
}

function matchTypes(match: MatchCondition): string[] {
  if (match.text !== undefined || match.text_any !== undefined) return ['text'];
  if (match.phrase !== undefined) return ['text (with phrase_matching: true)'];
  if (match.prefix !== undefined) return ['keyword (with prefix: true)'];
  const samples = match.value === undefined ? (match.any ?? match.except ?? []) : [match.value];
  if (samples.length === 0) return [];
  if (typeof samples[0] === 'boolean') return ['bool'];
  if (typeof samples[0] === 'number') return ['integer'];
  return ['keyword', ...(samples.every(isUuid) ? ['uuid'] : [])];
}

const isUuid = (value: unknown): boolean =>
  typeof value === 'string' && /^[0-9a-f]{8}-[0-9a-f-]{27}$/i.test(value);
