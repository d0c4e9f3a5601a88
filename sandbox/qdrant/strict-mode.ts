/** Strict mode's limits, checked before a key's rights (qdrant 1.19.0, lib/collection/src/operations/verification). */
import type { StoredCollection } from './collection.ts';
import { badRequest, strictModeError } from './errors.ts';
import { checkIndexes, conditionsOf } from './points/filter.ts';
import type { Filter } from './points/filter-body.ts';

/** What of a request strict mode looks at. */
export type CheckedRequest = {
  limit?: number | null | undefined;
  filter?: Filter | null | undefined;
  use?: 'retrieve' | 'update';
  /** Points of an upsert or of a change of vectors. */
  batch?: { name: 'upsert limit' | 'update limit'; size: number };
  searches?: number;
  params?: { exact?: boolean | null | undefined; hnsw_ef?: number | null | undefined } | null | undefined;
};

/** Throws 400 for a request beyond the collection's limits. */
export function checkStrictMode(collection: StoredCollection, request: CheckedRequest): void {
  const { strict } = collection;
  if (strict.enabled !== true) return;
  checkLimit('search batch size', request.searches, strict.search_max_batchsize);
  if (request.batch !== undefined) {
    checkLimit(request.batch.name, request.batch.size, strict.upsert_max_batchsize);
    checkSize(collection);
  }
  checkLimit('limit', request.limit, strict.max_query_limit);
  if (request.filter != null)
    checkFilter(collection, { filter: request.filter, use: request.use ?? 'retrieve' });
  if (request.params?.exact === true && strict.search_allow_exact === false)
    throw strictModeError('Exact search disabled!', 'Set exact=false.');
  checkLimit('hnsw_ef', request.params?.hnsw_ef, strict.search_max_hnsw_ef);
}

function checkLimit(name: string, value: number | null | undefined, most: number | null | undefined): void {
  if (value == null || most == null || value <= most) return;
  throw strictModeError(
    `Limit exceeded ${value} > ${most} for "${name}"`,
    `Reduce the "${name}" parameter to or below ${most}.`,
  );
}

function checkFilter(
  collection: StoredCollection,
  checked: { filter: Filter; use: 'retrieve' | 'update' },
): void {
  checkIndexes(collection, checked);
  const { filter_max_conditions: most } = collection.strict;
  const count = conditionsOf(checked.filter).length;
  if (most != null && count > most) {
    throw strictModeError(
      `Filter condition limit reached (${count} > ${most})`,
      'Reduce the amount of conditions of your filter.',
    );
  }
}

/** Writes between two counts of the collection, which the engine caches. */
const countInterval = 32;

function checkSize({ strict, points, size }: StoredCollection): void {
  if (strict.max_points_count == null) return;
  if (size.checks % countInterval === 0) size.points = points.size;
  size.checks += 1;
  if (size.points >= strict.max_points_count)
    throw badRequest(`Max points count limit of ${strict.max_points_count} reached!`);
}

/** Throws 400 for one payload index more than allowed. */
export function checkIndexCount({ strict, indexes }: StoredCollection): void {
  const most = strict.enabled === true ? strict.max_payload_index_count : null;
  if (most != null && indexes.size >= most) {
    throw strictModeError(
      `Collection already has the maximum number of payload indices (${most})`,
      'Please delete an existing index before creating a new one.',
    );
  }
}
