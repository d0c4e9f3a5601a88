import type { Call, Route } from '../exchange.ts';
import { compareIds, inIdOrder, unnamed, upsertPoint, type Collection, type Point } from './collection.ts';
import { formatError } from './errors.ts';
import { checkIndexes, matches } from './filter.ts';
import { pointId, type Filter, type PointId } from './filter-body.ts';
import {
  countBody,
  payloadBody,
  payloadKeysBody,
  pointsSelector,
  queryBatchBody,
  queryBody,
  read,
  retrieveBody,
  scrollBody,
  searchBody,
  upsertBody,
  type QueryBody,
  type WithPayload,
  type WithVector,
} from './requests.ts';
import { ordered, runQuery, type Scored } from './search.ts';
import { collectionNamed, isAtLeast, type QdrantWorld } from './world.ts';

/** A route whose handler returns the `result` of the envelope. */
export type ResultRoute = Omit<Route, 'handle'> & { result(call: Call): unknown };

const base = '/collections/:collection/points';

/** Everything under `/collections/{c}/points`. */
export function pointRoutes(world: QdrantWorld): ResultRoute[] {
  const of = (call: Call): Collection => collectionNamed(world, call.params['collection'] ?? '');
  const query = (call: Call, body: QueryBody): object[] =>
    runQuery(of(call), body, { weighted: isAtLeast(world, '1.17') }).map((hit) => shown(hit, body));
  const search = (call: Call): object[] => {
    const { vector, ...rest } = read(searchBody, call.json);
    const target = Array.isArray(vector) ? { query: vector } : { query: vector.vector, using: vector.name };
    return query(call, { ...rest, ...target });
  };
  return [
    { method: 'PUT', path: base, name: 'upsert', writes: true, result: (call) => upsert(of(call), call) },
    { method: 'POST', path: base, name: 'retrieve', result: (call) => retrieve(of(call), call) },
    {
      method: 'POST',
      path: `${base}/delete`,
      name: 'delete',
      writes: true,
      result: (call) => remove(of(call), call),
    },
    {
      method: 'PUT',
      path: `${base}/payload`,
      name: 'payload',
      writes: true,
      result: (call) => overwritePayload(of(call), call),
    },
    {
      method: 'POST',
      path: `${base}/payload`,
      name: 'payload',
      writes: true,
      result: (call) => setPayload(of(call), call),
    },
    {
      method: 'POST',
      path: `${base}/payload/delete`,
      name: 'payload',
      writes: true,
      result: (call) => deletePayload(of(call), call),
    },
    { method: 'POST', path: `${base}/scroll`, name: 'scroll', result: (call) => scroll(of(call), call) },
    { method: 'POST', path: `${base}/count`, name: 'count', result: (call) => count(of(call), call) },
    {
      method: 'POST',
      path: `${base}/query`,
      name: 'query',
      result: (call) => ({ points: query(call, read(queryBody, call.json)) }),
    },
    {
      method: 'POST',
      path: `${base}/query/batch`,
      name: 'query-batch',
      result: (call) =>
        read(queryBatchBody, call.json).searches.map((body) => ({ points: query(call, body) })),
    },
    // Left the 1.19 document, still answers (maintainer's word, qdrant#9982).
    { method: 'POST', path: `${base}/search`, name: 'search', result: search },
    { method: 'GET', path: `${base}/:id`, name: 'point', result: (call) => one(of(call), call) },
  ];
}

/** A write's answer. Without `wait=true` the vendor only acknowledges. */
export function written(collection: Collection, call: Call): object {
  collection.operations += 1;
  const status = call.query.get('wait') === 'true' ? 'completed' : 'acknowledged';
  return { operation_id: collection.operations, status };
}

function upsert(collection: Collection, call: Call): object {
  const body = read(upsertBody, call.json);
  if ('points' in body && Array.isArray(body.points)) {
    for (const point of body.points) upsertPoint(collection, point as Parameters<typeof upsertPoint>[1]);
    return written(collection, call);
  }
  const { ids, vectors, payloads } = (
    body as { batch: { ids: PointId[]; vectors: unknown; payloads?: unknown[] } }
  ).batch;
  ids.forEach((id, at) => {
    const vector = Array.isArray(vectors)
      ? (vectors[at] as number[])
      : Object.fromEntries(
          Object.entries(vectors as Record<string, number[][]>).map(([name, all]) => [name, all[at] ?? []]),
        );
    upsertPoint(collection, { id, vector, payload: payloads?.[at] as Record<string, unknown> | undefined });
  });
  return written(collection, call);
}

function retrieve(collection: Collection, call: Call): object[] {
  const body = read(retrieveBody, call.json);
  return body.ids.flatMap((id) => {
    const point = collection.points.get(id);
    return point === undefined ? [] : [record(point, { with_payload: true, ...body })];
  });
}

function one(collection: Collection, call: Call): object | null {
  const raw = call.params['id'] ?? '';
  const id = pointId.parse(/^\d+$/.test(raw) ? Number(raw) : raw);
  const point = collection.points.get(id);
  return point === undefined ? null : record(point, { with_payload: true, with_vector: true });
}

function remove(collection: Collection, call: Call): object {
  for (const point of selected(collection, read(pointsSelector, call.json)))
    collection.points.delete(point.id);
  return written(collection, call);
}

function overwritePayload(collection: Collection, call: Call): object {
  const body = read(payloadBody, call.json);
  for (const point of selected(collection, body)) point.payload = { ...body.payload };
  return written(collection, call);
}

function setPayload(collection: Collection, call: Call): object {
  const body = read(payloadBody, call.json);
  for (const point of selected(collection, body)) Object.assign(point.payload, body.payload);
  return written(collection, call);
}

function deletePayload(collection: Collection, call: Call): object {
  const body = read(payloadKeysBody, call.json);
  for (const point of selected(collection, body)) {
    point.payload = Object.fromEntries(
      Object.entries(point.payload).filter(([key]) => !body.keys.includes(key)),
    );
  }
  return written(collection, call);
}

function selected(collection: Collection, selector: { points?: unknown; filter?: unknown }): Point[] {
  if (Array.isArray(selector.points)) {
    return (selector.points as PointId[]).flatMap((id) => collection.points.get(id) ?? []);
  }
  if (selector.filter == null)
    throw formatError('data did not match any variant of untagged enum PointsSelector');
  const filter = selector.filter as Filter;
  checkIndexes(collection, { filter, use: 'update' });
  return [...collection.points.values()].filter((point) => matches(point, filter));
}

function scroll(collection: Collection, call: Call): object {
  const body = read(scrollBody, call.json);
  checkIndexes(collection, { filter: body.filter, use: 'retrieve' });
  const limit = body.limit ?? 10;
  const passing = inIdOrder(collection.points.values()).filter((point) => matches(point, body.filter));
  const all =
    body.order_by == null
      ? passing
      : ordered(collection, { candidates: passing, by: body.order_by }).map(({ point }) => point);
  const { offset } = body;
  const start = offset == null ? 0 : all.findIndex(({ id }) => compareIds(id, offset) >= 0);
  const from = start === -1 ? all.length : start;
  return {
    points: all.slice(from, from + limit).map((point) => record(point, { with_payload: true, ...body })),
    next_page_offset: body.order_by == null ? (all[from + limit]?.id ?? null) : null,
  };
}

function count(collection: Collection, call: Call): object {
  const { filter } = read(countBody, call.json);
  checkIndexes(collection, { filter, use: 'retrieve' });
  return { count: [...collection.points.values()].filter((point) => matches(point, filter)).length };
}

type Selection = {
  with_payload?: WithPayload;
  with_vector?: WithVector;
  with_vectors?: WithVector;
};

const shown = ({ point, score }: Scored, selection: Selection): object => ({
  id: point.id,
  version: point.version,
  score,
  ...selectedParts(point, selection),
});

const record = (point: Point, selection: Selection): object => ({
  id: point.id,
  ...selectedParts(point, selection),
});

function selectedParts(point: Point, selection: Selection): object {
  const payload = selectedPayload(point.payload, selection.with_payload);
  const vector = selectedVectors(point, selection.with_vector ?? selection.with_vectors);
  return { ...(payload === undefined ? {} : { payload }), ...(vector === undefined ? {} : { vector }) };
}

function selectedPayload(payload: Record<string, unknown>, wanted: WithPayload): object | undefined {
  if (wanted == null || wanted === false) return undefined;
  if (wanted === true) return payload;
  const include = Array.isArray(wanted) ? wanted : wanted.include;
  const exclude = Array.isArray(wanted) ? [] : (wanted.exclude ?? []);
  const top = (path: string): string => path.split('.')[0] ?? path;
  return Object.fromEntries(
    Object.entries(payload).filter(
      ([key]) => (include == null || include.map(top).includes(key)) && !exclude.includes(key),
    ),
  );
}

function selectedVectors(point: Point, wanted: WithVector): unknown {
  if (wanted == null || wanted === false) return undefined;
  const plain = point.dense.get(unnamed);
  if (plain !== undefined && wanted === true && point.sparse.size === 0) return plain;
  const all = [...point.dense, ...point.sparse];
  return Object.fromEntries(wanted === true ? all : all.filter(([name]) => wanted.includes(name)));
}
