import type { StoredCollection, StoredPoint } from '../collection.ts';
import { wrongInput } from '../errors.ts';
import { valuesAt } from './filter.ts';

export type OrderBy =
  | string
  | {
      key: string;
      direction?: string | null | undefined;
      start_from?: number | string | null | undefined;
    };

/** Points that have the field, sorted by it; throws 400 for a field without a numeric or date index. */
export function orderPoints(
  collection: StoredCollection,
  { candidates, by }: { candidates: StoredPoint[]; by: OrderBy },
): StoredPoint[] {
  const { key, direction, start_from: from } = typeof by === 'string' ? { key: by } : by;
  if (!['integer', 'float', 'datetime'].includes(collection.indexes.get(key)?.type ?? '')) {
    throw wrongInput(
      `No range index for \`order_by\` key: \`${key}\`. Please create one to use \`order_by\`. ` +
        'Check https://qdrant.tech/documentation/concepts/indexing/#payload-index to see which payload schemas support Range conditions',
    );
  }
  const sign = direction === 'desc' ? -1 : 1;
  const start = from == null ? null : numberOf(from);
  // A point with several values comes once for each.
  return candidates
    .flatMap((point) => valuesAt(point.payload, key).map((value) => ({ point, value: numberOf(value) })))
    .filter(({ value }) => Number.isFinite(value) && (start === null || sign * (value - start) >= 0))
    .sort((a, b) => sign * (a.value - b.value))
    .map(({ point }) => point);
}

function numberOf(value: unknown): number {
  if (typeof value === 'string') return Date.parse(value);
  return typeof value === 'number' ? value : Number.NaN;
}
