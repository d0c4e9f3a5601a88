import type { StoredCollection, StoredPoint } from './collection.ts';
import { badRequest } from './errors.ts';
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
 * Throws what strict mode answers to a filter on a field without a payload index. Qdrant Cloud turns
 * strict mode on for new collections.
 */
export function checkIndexes(
  collection: StoredCollection,
  { filter, use }: { filter: Filter | null | undefined; use: 'retrieve' | 'update' },
): void {
  const { strict } = collection;
  const forbidden =
    use === 'retrieve' ? strict.unindexed_filtering_retrieve : strict.unindexed_filtering_update;
  if (strict.enabled !== true || forbidden !== false || !filter) return;
  for (const condition of conditionsOf(filter)) {
    if (!('key' in condition) || condition.is_empty != null || condition.is_null != null) continue;
    const wanted = indexTypes(condition);
    if (wanted.includes(collection.indexes.get(condition.key) ?? '')) continue;
    throw badRequest(
      `Index required but not found for "${condition.key}" of one of the following types: [${wanted.join(', ')}]. ` +
        'Help: Create an index for this key or use a different filter.',
    );
  }
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

function conditionsOf(filter: Filter): Condition[] {
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

function indexTypes({ match, range }: FieldCondition): string[] {
  if (range)
    return Object.values(range).some((bound) => typeof bound === 'string')
      ? ['datetime']
      : ['integer', 'float'];
  if (match?.text !== undefined || match?.phrase !== undefined) return ['text'];
  const sample = match?.value ?? match?.any?.[0] ?? match?.except?.[0];
  if (typeof sample === 'boolean') return ['bool'];
  return typeof sample === 'number' ? ['integer'] : ['keyword', ...(isUuid(sample) ? ['uuid'] : [])];
}

const isUuid = (value: unknown): boolean =>
  typeof value === 'string' && /^[0-9a-f]{8}-[0-9a-f-]{27}$/i.test(value);

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
