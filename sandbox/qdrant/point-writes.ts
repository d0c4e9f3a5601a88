import type { Call } from '../exchange.ts';
import { pointOf, type Collection, type Point } from './collection.ts';
import { formatError, QdrantRefusal } from './errors.ts';
import { checkIndexes, matches } from './filter.ts';
import type { Filter, PointId } from './filter-body.ts';
import {
  payloadBody,
  payloadKeysBody,
  pointsSelector,
  read,
  upsertBody,
  vectorNamesBody,
  vectorsBody,
} from './requests.ts';
import { written, type ResultRoute } from './route.ts';
import { collectionNamed, type QdrantWorld } from './world.ts';

const base = '/collections/:collection/points';

type GivenPoint = Parameters<typeof pointOf>[1];
type Columns = {
  ids: PointId[];
  vectors: number[][] | Record<string, number[][]>;
  payloads?: (Record<string, unknown> | null)[] | null;
};

/** What changes points. An answered write counts as one, even where it leaves everything as it was. */
export function pointWriteRoutes(world: QdrantWorld): ResultRoute[] {
  const route = (
    [method, path, name]: [string, string, string],
    work: (collection: Collection, call: Call) => object,
  ): ResultRoute => ({
    method,
    path: `${base}${path}`,
    name,
    writes: true,
    result: (call) => work(collectionNamed(world, call.params['collection'] ?? ''), call),
  });
  return [
    route(['PUT', '', 'upsert'], upsert),
    route(['POST', '/delete', 'delete'], remove),
    route(['PUT', '/payload', 'overwrite-payload'], overwritePayload),
    route(['POST', '/payload', 'set-payload'], setPayload),
    route(['POST', '/payload/delete', 'delete-payload'], deletePayload),
    route(['POST', '/payload/clear', 'clear-payload'], clearPayload),
    route(['PUT', '/vectors', 'update-vectors'], updateVectors),
    route(['POST', '/vectors/delete', 'delete-vectors'], deleteVectors),
  ];
}

function upsert(collection: Collection, call: Call): object {
  const body = read(upsertBody, call.json);
  const given =
    'points' in body && Array.isArray(body.points) ? (body.points as GivenPoint[]) : columns(body);
  // All or nothing: a vector that does not fit refuses the whole request.
  const points = given.map((one) => pointOf(collection, one));
  for (const point of points) collection.points.set(point.id, point);
  return written(collection, call);
}

/** The column form of an upsert, `{"batch":{"ids","vectors","payloads"}}`, turned into points. */
function columns(body: object): GivenPoint[] {
  const { ids, vectors, payloads } = (body as { batch: Columns }).batch;
  return ids.map((id, at) => ({
    id,
    vector: Array.isArray(vectors)
      ? (vectors[at] ?? [])
      : Object.fromEntries(Object.entries(vectors).map(([name, all]) => [name, all[at] ?? []])),
    payload: payloads?.[at],
  }));
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

function updateVectors(collection: Collection, call: Call): object {
  for (const { id, vector } of read(vectorsBody, call.json).points) {
    const old = collection.points.get(id);
    if (old === undefined) throw new QdrantRefusal(404, `Not found: No point with id ${id} found`);
    const next = pointOf(collection, { id, vector, payload: old.payload });
    for (const [name, dense] of next.dense) old.dense.set(name, dense);
    for (const [name, sparse] of next.sparse) old.sparse.set(name, sparse);
  }
  return written(collection, call);
}

function deleteVectors(collection: Collection, call: Call): object {
  const body = read(vectorNamesBody, call.json);
  for (const point of selected(collection, body)) {
    for (const name of body.vector) {
      point.dense.delete(name);
      point.sparse.delete(name);
    }
  }
  return written(collection, call);
}

function clearPayload(collection: Collection, call: Call): object {
  for (const point of selected(collection, read(pointsSelector, call.json))) point.payload = {};
  return written(collection, call);
}
