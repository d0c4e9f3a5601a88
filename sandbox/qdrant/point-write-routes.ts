import type { RouteCall } from '../exchange/serve-routes.ts';
import { storedPoint, type StoredCollection, type StoredPoint } from './collection.ts';
import { formatError, QdrantApiError } from './errors.ts';
import { checkIndexes, matches } from './filter.ts';
import type { Filter, PointId } from './filter-body.ts';
import {
  batchBody,
  payloadBody,
  payloadKeysBody,
  pointsSelector,
  parseBody,
  upsertBody,
  vectorNamesBody,
  vectorsBody,
} from './requests.ts';
import { updateResult, type ResultRoute } from './result-route.ts';
import { collectionNamed, type QdrantState } from './state.ts';

const base = '/collections/:collection/points';

type PointInput = Parameters<typeof storedPoint>[1];
type Columns = {
  ids: PointId[];
  vectors: number[][] | Record<string, number[][]>;
  payloads?: (Record<string, unknown> | null)[] | null;
};

/** Routes that change points. A successful write counts even if it changes nothing. */
export function pointWriteRoutes(state: QdrantState): ResultRoute[] {
  const route = (
    [method, path, name]: [string, string, string],
    work: (collection: StoredCollection, call: RouteCall) => object,
  ): ResultRoute => ({
    method,
    path: `${base}${path}`,
    name,
    writes: true,
    result: (call) => work(collectionNamed(state, call.params['collection'] ?? ''), call),
  });
  return [
    route(['PUT', '', 'upsert'], upsert),
    route(['POST', '/batch', 'batch'], runBatch),
    route(['POST', '/delete', 'delete'], remove),
    route(['PUT', '/payload', 'overwrite-payload'], overwritePayload),
    route(['POST', '/payload', 'set-payload'], setPayload),
    route(['POST', '/payload/delete', 'delete-payload'], deletePayload),
    route(['POST', '/payload/clear', 'clear-payload'], clearPayload),
    route(['PUT', '/vectors', 'update-vectors'], updateVectors),
    route(['POST', '/vectors/delete', 'delete-vectors'], deleteVectors),
  ];
}

function upsert(collection: StoredCollection, call: RouteCall): object {
  const body = parseBody(upsertBody, call.json);
  const inputs =
    'points' in body && Array.isArray(body.points) ? (body.points as PointInput[]) : pointsFromColumns(body);
  // All or nothing: one invalid vector rejects the whole request.
  const points = inputs.map((input) => storedPoint(collection, input));
  for (const point of points) collection.points.set(point.id, point);
  return updateResult(collection, call);
}

/** Runs operations in order; the first refusal ends the request, and those before it stay. */
function runBatch(collection: StoredCollection, call: RouteCall): object[] {
  return parseBody(batchBody, call.json).operations.map((operation) => {
    const [[name, body] = ['', undefined]] = Object.entries(operation);
    return batchOperations[name as keyof typeof batchOperations](collection, { ...call, json: () => body });
  });
}

const batchOperations = {
  upsert,
  delete: remove,
  set_payload: setPayload,
  overwrite_payload: overwritePayload,
  delete_payload: deletePayload,
  clear_payload: clearPayload,
  update_vectors: updateVectors,
  delete_vectors: deleteVectors,
};

/** Converts the column form of an upsert, `{"batch":{"ids","vectors","payloads"}}`, to points. */
function pointsFromColumns(body: object): PointInput[] {
  const { ids, vectors, payloads } = (body as { batch: Columns }).batch;
  return ids.map((id, at) => ({
    id,
    vector: Array.isArray(vectors)
      ? (vectors[at] ?? [])
      : Object.fromEntries(Object.entries(vectors).map(([name, all]) => [name, all[at] ?? []])),
    payload: payloads?.[at],
  }));
}

function remove(collection: StoredCollection, call: RouteCall): object {
  for (const point of selectPoints(collection, parseBody(pointsSelector, call.json)))
    collection.points.delete(point.id);
  return updateResult(collection, call);
}

function overwritePayload(collection: StoredCollection, call: RouteCall): object {
  const body = parseBody(payloadBody, call.json);
  for (const point of selectPoints(collection, body)) point.payload = { ...body.payload };
  return updateResult(collection, call);
}

function setPayload(collection: StoredCollection, call: RouteCall): object {
  const body = parseBody(payloadBody, call.json);
  for (const point of selectPoints(collection, body)) {
    // Seen on 1.19.0: a null removes the key here, while an upsert and an overwrite store it.
    const merged = Object.entries({ ...point.payload, ...body.payload });
    point.payload = Object.fromEntries(merged.filter(([key]) => body.payload[key] !== null));
  }
  return updateResult(collection, call);
}

function deletePayload(collection: StoredCollection, call: RouteCall): object {
  const body = parseBody(payloadKeysBody, call.json);
  for (const point of selectPoints(collection, body)) {
    point.payload = Object.fromEntries(
      Object.entries(point.payload).filter(([key]) => !body.keys.includes(key)),
    );
  }
  return updateResult(collection, call);
}

function selectPoints(
  collection: StoredCollection,
  selector: { points?: unknown; filter?: unknown },
): StoredPoint[] {
  if (Array.isArray(selector.points)) {
    return (selector.points as PointId[]).flatMap((id) => collection.points.get(id) ?? []);
  }
  if (selector.filter == null)
    throw formatError('data did not match any variant of untagged enum PointsSelector');
  const filter = selector.filter as Filter;
  checkIndexes(collection, { filter, use: 'update' });
  return [...collection.points.values()].filter((point) => matches(point, filter));
}

function updateVectors(collection: StoredCollection, call: RouteCall): object {
  for (const { id, vector } of parseBody(vectorsBody, call.json).points) {
    const stored = collection.points.get(id);
    if (stored === undefined) throw new QdrantApiError(404, `Not found: No point with id ${id} found`);
    const next = storedPoint(collection, { id, vector, payload: stored.payload });
    for (const [name, dense] of next.dense) stored.dense.set(name, dense);
    for (const [name, sparse] of next.sparse) stored.sparse.set(name, sparse);
  }
  return updateResult(collection, call);
}

function deleteVectors(collection: StoredCollection, call: RouteCall): object {
  const body = parseBody(vectorNamesBody, call.json);
  for (const point of selectPoints(collection, body)) {
    for (const name of body.vector) {
      point.dense.delete(name);
      point.sparse.delete(name);
    }
  }
  return updateResult(collection, call);
}

function clearPayload(collection: StoredCollection, call: RouteCall): object {
  for (const point of selectPoints(collection, parseBody(pointsSelector, call.json))) point.payload = {};
  return updateResult(collection, call);
}
