import type { z } from 'zod';
import {
  checkUpsertDimensions,
  storedPoint,
  type StoredCollection,
  type StoredPoint,
} from '../collection.ts';
import { formatError, pointNotFound } from '../errors.ts';
import {
  payloadBody,
  payloadKeysBody,
  pointsSelector,
  upsertBody,
  vectorNamesBody,
  vectorsBody,
} from '../requests.ts';
import type { CheckedRequest } from '../strict-mode.ts';
import { matches } from './filter.ts';
import type { Filter, PointId } from './filter-body.ts';
import { deleteAt, mergeAt, mergeInto } from './payload-path.ts';

/** A change of points; a request has one, a batch several. */
export type WriteOperation<Body> = {
  schema: z.ZodType<Body>;
  /** False where it frees space, so that it runs on a full disk. */
  needsSpace: boolean;
  /** What strict mode looks at. */
  checked(body: Body): CheckedRequest;
  /** Throws before the key's right to write is looked at. */
  validate?(collection: StoredCollection, body: Body): void;
  isEmpty(body: Body): boolean;
  /** Throws where the engine applies the change; what it changed before stays. */
  apply(collection: StoredCollection, body: Body): void;
};

type Selector = { points?: PointId[] | null | undefined; filter?: Filter | null | undefined };
type PointInput = Parameters<typeof storedPoint>[1];
type UpsertBody = z.output<typeof upsertBody>;

const upsert: WriteOperation<UpsertBody> = {
  schema: upsertBody as z.ZodType<UpsertBody>,
  needsSpace: true,
  checked: (body) => ({
    batch: { name: 'upsert limit', size: inputsOf(body).length },
    filter: body.update_filter,
    use: 'update',
  }),
  validate: (collection, body) => {
    for (const { vector } of inputsOf(body)) checkUpsertDimensions(collection, vector);
  },
  isEmpty: (body) => inputsOf(body).length === 0,
  apply: (collection, body) => {
    // All or nothing: one vector that does not fit refuses the whole request.
    const points = inputsOf(body).map((input) => storedPoint(collection, input));
    for (const point of points) {
      const before = collection.points.get(point.id);
      if (before === undefined ? body.update_mode === 'update_only' : body.update_mode === 'insert_only')
        continue;
      if (before !== undefined && !matches(before, body.update_filter)) continue;
      collection.points.set(point.id, point);
    }
  },
};

/** Points in either form: as a list, or as columns `{"batch":{"ids","vectors","payloads"}}`. */
function inputsOf(body: UpsertBody): PointInput[] {
  if ('points' in body) return body.points as PointInput[];
  const { ids, vectors, payloads } = body.batch;
  return ids.map((id, at) => ({
    id,
    vector: Array.isArray(vectors)
      ? (vectors[at] ?? [])
      : Object.fromEntries(Object.entries(vectors).map(([name, all]) => [name, all[at] ?? []])),
    payload: payloads?.[at],
  }));
}

/** An operation on the points that its body selects by id or by filter. */
function onSelected<Body extends Selector>(
  schema: z.ZodType<Body>,
  {
    needsSpace,
    requiresPoints,
    change,
  }: { needsSpace: boolean; requiresPoints: boolean; change(point: StoredPoint, body: Body): void },
): WriteOperation<Body> {
  return {
    schema,
    needsSpace,
    checked: ({ filter }) => ({ filter, use: 'update' }),
    isEmpty: ({ points }) => points?.length === 0,
    apply: (collection, body) => {
      if (body.points == null) {
        for (const point of collection.points.values())
          if (matches(point, body.filter)) change(versioned(collection, point), body);
        return;
      }
      const missing = body.points.find((id) => !collection.points.has(id));
      for (const id of body.points) {
        const point = collection.points.get(id);
        if (point !== undefined) change(versioned(collection, point), body);
      }
      if (requiresPoints && missing !== undefined) throw pointNotFound(missing);
    },
  };
}

function versioned(collection: StoredCollection, point: StoredPoint): StoredPoint {
  point.version = collection.operations;
  return point;
}

const selected = pointsSelector as z.ZodType<Selector>;
const deletePoints: WriteOperation<Selector> = {
  ...onSelected(selected, { needsSpace: false, requiresPoints: false, change: () => undefined }),
  apply: (collection, { points, filter }) => {
    const ids =
      points ?? [...collection.points.values()].filter((point) => matches(point, filter)).map(({ id }) => id);
    for (const id of ids) collection.points.delete(id);
  },
};

const vectorsOf = vectorsBody as z.ZodType<z.output<typeof vectorsBody>>;
const updateVectors: WriteOperation<z.output<typeof vectorsBody>> = {
  schema: vectorsOf,
  needsSpace: true,
  checked: ({ points, update_filter: filter }) => ({
    batch: { name: 'update limit', size: points.length },
    filter,
    use: 'update',
  }),
  isEmpty: ({ points }) => points.length === 0,
  apply: (collection, { points, update_filter: filter }) => {
    for (const { id, vector } of points) {
      const stored = collection.points.get(id);
      if (stored === undefined) throw pointNotFound(id);
      if (!matches(stored, filter)) continue;
      const next = storedPoint(collection, { id, vector, payload: stored.payload });
      for (const [name, dense] of next.dense) stored.dense.set(name, dense);
      for (const [name, sparse] of next.sparse) stored.sparse.set(name, sparse);
      versioned(collection, stored);
    }
  },
};

/** By their names in `points/batch`. */
export const writeOperations = {
  upsert,
  delete: deletePoints,
  update_vectors: updateVectors,
  // Seen on 1.19.0: a null removes the key here, while an upsert and an overwrite store it.
  set_payload: onSelected(payloadBody, {
    needsSpace: true,
    requiresPoints: true,
    change: (point, { key, payload }) => {
      point.payload = structuredClone(point.payload);
      if (key == null) mergeInto(point.payload, payload);
      else mergeAt(point.payload, { path: key, values: payload });
    },
  }),
  overwrite_payload: onSelected(payloadBody, {
    needsSpace: true,
    requiresPoints: true,
    change: (point, { key, payload }) => {
      if (key != null) throw formatError('the stand-in does not overwrite below a key');
      point.payload = { ...payload };
    },
  }),
  delete_payload: onSelected(payloadKeysBody, {
    needsSpace: false,
    requiresPoints: true,
    change: (point, { keys }) => {
      point.payload = structuredClone(point.payload);
      for (const key of keys) deleteAt(point.payload, key);
    },
  }),
  clear_payload: onSelected(selected, {
    needsSpace: false,
    requiresPoints: true,
    change: (point) => {
      point.payload = {};
    },
  }),
  delete_vectors: onSelected(vectorNamesBody, {
    needsSpace: false,
    requiresPoints: true,
    change: (point, { vector }) => {
      for (const name of vector) {
        point.dense.delete(name);
        point.sparse.delete(name);
      }
    },
  }),
};
