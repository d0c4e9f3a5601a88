import type { RouteCall } from '../exchange/serve-routes.ts';
import { createCollection, unnamed, type StoredCollection } from './collection.ts';
import { alreadyExists } from './errors.ts';
import { updateResult, type ResultRoute } from './result-route.ts';
import { createBody, indexBody, parseBody, updateBody } from './requests.ts';
import { cloudStrictMode, collectionNamed, type QdrantState } from './state.ts';

const path = '/collections/:collection';
const nameOf = (call: RouteCall): string => call.params['collection'] ?? '';

/** Collections and their payload indexes. */
export function collectionRoutes(state: QdrantState): ResultRoute[] {
  const requireCollection = (call: RouteCall): StoredCollection => collectionNamed(state, nameOf(call));
  return [
    {
      method: 'GET',
      path: '/collections',
      name: 'collections',
      result: () => ({ collections: [...state.collections.keys()].map((name) => ({ name })) }),
    },
    {
      method: 'GET',
      path: `${path}/exists`,
      name: 'exists',
      result: (call) => ({ exists: state.collections.has(state.aliases.get(nameOf(call)) ?? nameOf(call)) }),
    },
    {
      method: 'GET',
      path,
      name: 'collection',
      result: (call) => describeCollection(requireCollection(call)),
    },
    { method: 'PUT', path, name: 'create-collection', writes: true, result: (call) => create(state, call) },
    {
      method: 'PATCH',
      path,
      name: 'update-collection',
      writes: true,
      result: (call) => {
        Object.assign(
          requireCollection(call).strict,
          parseBody(updateBody, call.json).strict_mode_config ?? {},
        );
        return true;
      },
    },
    {
      method: 'DELETE',
      path,
      name: 'delete-collection',
      writes: true,
      result: (call) => remove(state, nameOf(call)),
    },
    {
      method: 'PUT',
      path: `${path}/index`,
      name: 'create-index',
      writes: true,
      result: (call) => createIndex(requireCollection(call), call),
    },
    {
      method: 'DELETE',
      path: `${path}/index/:field`,
      name: 'delete-index',
      writes: true,
      result: (call) => {
        requireCollection(call).indexes.delete(call.params['field'] ?? '');
        return updateResult(requireCollection(call), call);
      },
    },
  ];
}

function create(state: QdrantState, call: RouteCall): true {
  const name = nameOf(call);
  const body = parseBody(createBody, call.json);
  if (state.collections.has(name) || state.aliases.has(name)) throw alreadyExists(name);
  const strict = { ...(state.strict ? cloudStrictMode : { enabled: false }), ...body.strict_mode_config };
  state.collections.set(
    name,
    createCollection({ vectors: body.vectors, sparse: body.sparse_vectors, strict }),
  );
  return true;
}

/** Deletes a collection by its name, not by an alias; its aliases are deleted too. */
function remove(state: QdrantState, name: string): boolean {
  for (const [alias, target] of state.aliases) if (target === name) state.aliases.delete(alias);
  return state.collections.delete(name);
}

function createIndex(collection: StoredCollection, call: RouteCall): object {
  const { field_name: field, field_schema: schema } = parseBody(indexBody, call.json);
  collection.indexes.set(field, typeof schema === 'string' ? schema : (schema?.type ?? 'keyword'));
  return updateResult(collection, call);
}

function describeCollection(collection: StoredCollection): object {
  const unnamedVector = collection.dense.get(unnamed);
  const points = [...collection.points.values()];
  const schema = [...collection.indexes].map(([field, type]) => [
    field,
    { data_type: type, points: points.filter(({ payload }) => field in payload).length },
  ]);
  return {
    status: 'green',
    optimizer_status: 'ok',
    indexed_vectors_count: 0,
    points_count: points.length,
    segments_count: 1,
    config: {
      params: {
        vectors: unnamedVector ?? Object.fromEntries(collection.dense),
        shard_number: 1,
        replication_factor: 1,
        write_consistency_factor: 1,
        on_disk_payload: true,
        ...(collection.sparse.size > 0 ? { sparse_vectors: Object.fromEntries(collection.sparse) } : {}),
      },
      hnsw_config: {
        m: 16,
        ef_construct: 100,
        full_scan_threshold: 10_000,
        max_indexing_threads: 0,
        on_disk: false,
      },
      optimizer_config: {
        deleted_threshold: 0.2,
        vacuum_min_vector_number: 1000,
        default_segment_number: 0,
        max_segment_size: null,
        memmap_threshold: null,
        indexing_threshold: 10_000,
        flush_interval_sec: 5,
        max_optimization_threads: null,
      },
      wal_config: { wal_capacity_mb: 32, wal_segments_ahead: 0, wal_retain_closed: 1 },
      quantization_config: null,
      strict_mode_config: collection.strict,
    },
    payload_schema: Object.fromEntries(schema),
  };
}
