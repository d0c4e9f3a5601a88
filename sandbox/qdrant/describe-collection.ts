import { unnamed, type StoredCollection } from './collection.ts';

/** The `result` of `GET /collections/{name}`; `uncounted` points are left out of the count. */
export function describeCollection(collection: StoredCollection, uncounted = 0): object {
  const { settings } = collection;
  const unnamedVector = collection.dense.get(unnamed);
  const vectors = unnamedVector ?? Object.fromEntries(collection.dense);
  const sparse = Object.fromEntries(collection.sparse);
  const points = [...collection.points.values()];
  const schema = [...collection.indexes].map(([field, { type, params }]) => [
    field,
    {
      data_type: type,
      ...(params === undefined ? {} : { params }),
      points: points.filter(({ payload }) => hasValues(payload[field])).length,
    },
  ]);
  const sparseCount = points
    .flatMap((point) => [...point.sparse.values()])
    .filter(({ indices }) => indices.length > 0);
  return {
    status: 'green',
    optimizer_status: 'ok',
    // Dense vectors are indexed in the background from 10,000 on, sparse ones at once.
    indexed_vectors_count: sparseCount.length,
    points_count: Math.max(0, points.length - uncounted),
    segments_count: 2,
    config: {
      params: {
        ...(Object.keys(vectors).length === 0 ? {} : { vectors }),
        shard_number: 1,
        replication_factor: 1,
        write_consistency_factor: 1,
        on_disk_payload: true,
        ...(collection.sparse.size > 0 ? { sparse_vectors: sparse } : {}),
        ...settings.params,
      },
      hnsw_config: {
        m: 16,
        ef_construct: 100,
        full_scan_threshold: 10_000,
        max_indexing_threads: 0,
        on_disk: false,
        ...settings.hnsw,
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
        prevent_unoptimized: null,
        ...settings.optimizers,
      },
      wal_config: { wal_capacity_mb: 32, wal_segments_ahead: 0, wal_retain_closed: 1, ...settings.wal },
      quantization_config: settings.quantization,
      strict_mode_config: withoutNulls(collection.strict),
    },
    payload_schema: Object.fromEntries(schema),
    update_queue: { length: 0 },
  };
}

const hasValues = (value: unknown): boolean =>
  value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0);

const withoutNulls = (values: object): object =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
