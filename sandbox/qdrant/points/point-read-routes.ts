import { compareIds, sortById, type StoredCollection } from '../collection.ts';
import { QdrantApiError, wrongInput } from '../errors.ts';
import {
  countBody,
  parseBody,
  queryBatchBody,
  queryBody,
  retrieveBody,
  scrollBody,
  searchBody,
  type Prefetch,
  type QueryBody,
} from '../requests.ts';
import { spend } from '../rate-limiter.ts';
import type { ResultRoute } from '../result-route.ts';
import { isAtLeast, openCollection, type QdrantRouteCall, type QdrantState } from '../state.ts';
import { checkStrictMode } from '../strict-mode.ts';
import { conditionsOf, matches } from './filter.ts';
import { parsePointId, type Filter } from './filter-body.ts';
import { orderPoints } from './order-points.ts';
import { pointView, scoredPointView } from './point-views.ts';
import { runQuery } from './run-query.ts';

const base = '/collections/:collection/points';

/** Routes that read points: by id, in order, by similarity. */
export function pointReadRoutes(state: QdrantState): ResultRoute[] {
  const route = (
    [method, path, name]: [string, string, string],
    result: (call: QdrantRouteCall) => unknown,
  ): ResultRoute => ({ method, path: `${base}${path}`, name, result });
  const query = (call: QdrantRouteCall, bodies: QueryBody[]): object[][] => {
    const collection = openCollection(state, call);
    if (bodies.length > 1) checkStrictMode(collection, { searches: bodies.length });
    for (const body of bodies) checkQuery(collection, body);
    spend(
      collection.rates,
      'read',
      bodies.map(searchCost).reduce((sum, cost) => sum + cost, 0),
    );
    const weighted = isAtLeast(state, '1.17');
    return bodies.map((body) =>
      runQuery(collection, body, { weighted }).map((hit) => scoredPointView(hit, body)),
    );
  };
  return [
    route(['POST', '', 'retrieve'], (call) => retrieve(state, call)),
    route(['POST', '/scroll', 'scroll'], (call) => scroll(state, call)),
    route(['POST', '/count', 'count'], (call) => count(state, call)),
    route(['POST', '/query', 'query'], (call) => ({ points: query(call, [parseBody(queryBody, call)])[0] })),
    route(['POST', '/query/batch', 'query-batch'], (call) =>
      query(call, parseBody(queryBatchBody, call).searches).map((points) => ({ points })),
    ),
    // Not in the 1.19 document any more, but still answered (a maintainer in qdrant#9982).
    route(['POST', '/search', 'search'], (call) => {
      const { vector, ...rest } = parseBody(searchBody, call);
      const target = Array.isArray(vector) ? { query: vector } : { query: vector.vector, using: vector.name };
      return query(call, [{ ...rest, ...target }])[0];
    }),
    route(['GET', '/:id', 'point'], (call) => retrieveOne(state, call)),
  ];
}

function checkQuery(collection: StoredCollection, request: Prefetch): void {
  for (const prefetch of request.prefetch ?? []) checkQuery(collection, prefetch);
  // The engine's default limit.
  checkStrictMode(collection, { ...request, limit: request.limit ?? 10 });
}

/** A dense query costs one token, a sparse one as many as it has terms, a filter one for each condition. */
function searchCost(request: Prefetch): number {
  const { query, prefetch } = request;
  if (prefetch != null && prefetch.length > 0)
    return prefetch.map(searchCost).reduce((sum, cost) => sum + cost, 0);
  const isSparse = typeof query === 'object' && query !== null && 'indices' in query;
  return (isSparse ? (query.indices as number[]).length : 1) + filterCost(request.filter);
}

const filterCost = (filter: Filter | null | undefined): number =>
  filter == null ? 0 : conditionsOf(filter).length;

function retrieve(state: QdrantState, call: QdrantRouteCall): object[] {
  const body = parseBody(retrieveBody, call);
  const collection = openCollection(state, call);
  spend(collection.rates, 'read', body.ids.length);
  return body.ids.flatMap((id) => {
    const point = collection.points.get(id);
    return point === undefined ? [] : [pointView(point, { with_payload: true, ...body })];
  });
}

function retrieveOne(state: QdrantState, call: QdrantRouteCall): object {
  const raw = call.params['id'] ?? '';
  const id = parsePointId(/^\d+$/.test(raw) ? Number(raw) : raw);
  if (id === null) throw wrongInput(`Can not recognize "${raw}" as point id`);
  const collection = openCollection(state, call);
  spend(collection.rates, 'read', 1);
  const point = collection.points.get(id);
  if (point === undefined) throw new QdrantApiError(404, `Not found: Point with id ${id} does not exists!`);
  return pointView(point, { with_payload: true, with_vector: true });
}

function scroll(state: QdrantState, call: QdrantRouteCall): object {
  const body = parseBody(scrollBody, call);
  const collection = openCollection(state, call);
  const { filter, offset, order_by: by, limit = 10 } = body;
  checkStrictMode(collection, { filter, limit });
  if (by != null && offset != null) {
    throw wrongInput(
      "Cannot use an `offset` when using `order_by`. The alternative for paging is to use `order_by.start_from` and a filter to exclude the IDs that you've already seen for the `order_by.start_from` value",
    );
  }
  spend(collection.rates, 'read', 1 + filterCost(filter));
  const passing = sortById(collection.points.values()).filter((point) => matches(point, filter));
  const all = by == null ? passing : orderPoints(collection, { candidates: passing, by });
  const start = offset == null ? 0 : all.findIndex(({ id }) => compareIds(id, offset) >= 0);
  const from = start === -1 ? all.length : start;
  const end = from + (limit ?? 10);
  const following = all[end] ?? (state.endlessScroll ? all[0] : undefined);
  return {
    points: all.slice(from, end).map((point) => pointView(point, { with_payload: true, ...body })),
    next_page_offset: by == null ? (following?.id ?? null) : null,
  };
}

function count(state: QdrantState, call: QdrantRouteCall): object {
  const { filter } = parseBody(countBody, call);
  const collection = openCollection(state, call);
  checkStrictMode(collection, { filter });
  spend(collection.rates, 'read', 1 + filterCost(filter));
  return { count: [...collection.points.values()].filter((point) => matches(point, filter)).length };
}
