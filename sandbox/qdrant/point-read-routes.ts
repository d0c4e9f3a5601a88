import type { RouteCall } from '../exchange/serve-routes.ts';
import { compareIds, sortById, type StoredCollection } from './collection.ts';
import { checkIndexes, matches } from './filter.ts';
import { pointId } from './filter-body.ts';
import {
  countBody,
  queryBatchBody,
  queryBody,
  parseBody,
  retrieveBody,
  scrollBody,
  searchBody,
  type QueryBody,
} from './requests.ts';
import type { ResultRoute } from './result-route.ts';
import { orderPoints, runQuery } from './run-query.ts';
import { pointView, scoredPointView } from './point-views.ts';
import { collectionNamed, isAtLeast, type QdrantState } from './state.ts';

const base = '/collections/:collection/points';

/** Routes that read points: by id, in order, by similarity. */
export function pointReadRoutes(state: QdrantState): ResultRoute[] {
  const requireCollection = (call: RouteCall): StoredCollection =>
    collectionNamed(state, call.params['collection'] ?? '');
  const query = (call: RouteCall, body: QueryBody): object[] =>
    runQuery(requireCollection(call), body, { weighted: isAtLeast(state, '1.17') }).map((hit) =>
      scoredPointView(hit, body),
    );
  const search = (call: RouteCall): object[] => {
    const { vector, ...rest } = parseBody(searchBody, call.json);
    const target = Array.isArray(vector) ? { query: vector } : { query: vector.vector, using: vector.name };
    return query(call, { ...rest, ...target });
  };
  return [
    {
      method: 'POST',
      path: base,
      name: 'retrieve',
      result: (call) => retrieve(requireCollection(call), call),
    },
    {
      method: 'POST',
      path: `${base}/scroll`,
      name: 'scroll',
      result: (call) => scroll(requireCollection(call), call),
    },
    {
      method: 'POST',
      path: `${base}/count`,
      name: 'count',
      result: (call) => count(requireCollection(call), call),
    },
    {
      method: 'POST',
      path: `${base}/query`,
      name: 'query',
      result: (call) => ({ points: query(call, parseBody(queryBody, call.json)) }),
    },
    {
      method: 'POST',
      path: `${base}/query/batch`,
      name: 'query-batch',
      result: (call) =>
        parseBody(queryBatchBody, call.json).searches.map((body) => ({ points: query(call, body) })),
    },
    // Not in the 1.19 document any more, but still answered (a maintainer in qdrant#9982).
    { method: 'POST', path: `${base}/search`, name: 'search', result: search },
    {
      method: 'GET',
      path: `${base}/:id`,
      name: 'point',
      result: (call) => retrieveOne(requireCollection(call), call),
    },
  ];
}

function retrieve(collection: StoredCollection, call: RouteCall): object[] {
  const body = parseBody(retrieveBody, call.json);
  return body.ids.flatMap((id) => {
    const point = collection.points.get(id);
    return point === undefined ? [] : [pointView(point, { with_payload: true, ...body })];
  });
}

function retrieveOne(collection: StoredCollection, call: RouteCall): object | null {
  const raw = call.params['id'] ?? '';
  const id = pointId.parse(/^\d+$/.test(raw) ? Number(raw) : raw);
  const point = collection.points.get(id);
  return point === undefined ? null : pointView(point, { with_payload: true, with_vector: true });
}

function scroll(collection: StoredCollection, call: RouteCall): object {
  const body = parseBody(scrollBody, call.json);
  checkIndexes(collection, { filter: body.filter, use: 'retrieve' });
  const limit = body.limit ?? 10;
  const passing = sortById(collection.points.values()).filter((point) => matches(point, body.filter));
  const all =
    body.order_by == null
      ? passing
      : orderPoints(collection, { candidates: passing, by: body.order_by }).map(({ point }) => point);
  const { offset } = body;
  const start = offset == null ? 0 : all.findIndex(({ id }) => compareIds(id, offset) >= 0);
  const from = start === -1 ? all.length : start;
  return {
    points: all.slice(from, from + limit).map((point) => pointView(point, { with_payload: true, ...body })),
    next_page_offset: body.order_by == null ? (all[from + limit]?.id ?? null) : null,
  };
}

function count(collection: StoredCollection, call: RouteCall): object {
  const { filter } = parseBody(countBody, call.json);
  checkIndexes(collection, { filter, use: 'retrieve' });
  return { count: [...collection.points.values()].filter((point) => matches(point, filter)).length };
}
