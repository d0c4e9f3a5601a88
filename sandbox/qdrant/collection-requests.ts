/** Schemas of the request bodies about collections, indexes and aliases. */
import * as z from 'zod';
import { validationError } from './errors.ts';
import { lacking } from './requests.ts';

const largestVector = 65_536;
const denseParams = z.looseObject({
  size: z
    .number()
    .int()
    .min(1)
    .refine((size) => {
      if (size > largestVector)
        throw validationError(`vectors.size: value ${size} invalid, must be from 1 to ${largestVector}`);
      return true;
    }),
  distance: z.enum(['Cosine', 'Euclid', 'Dot', 'Manhattan']),
  datatype: z.literal('float32').nullish(),
  multivector_config: lacking,
});
export type DenseParams = z.infer<typeof denseParams>;
const sparseParams = z.looseObject({ modifier: z.enum(['none', 'idf']).nullish() });
export type SparseParams = z.infer<typeof sparseParams>;

const atLeastOne = z.number().int().min(1).nullish();
const anyCount = z.number().int().min(0).nullish();
const strictMode = z.looseObject({
  enabled: z.boolean().nullish(),
  unindexed_filtering_retrieve: z.boolean().nullish(),
  unindexed_filtering_update: z.boolean().nullish(),
  max_query_limit: atLeastOne,
  upsert_max_batchsize: anyCount,
  search_max_batchsize: anyCount,
  search_max_hnsw_ef: anyCount,
  search_allow_exact: z.boolean().nullish(),
  read_rate_limit: atLeastOne,
  write_rate_limit: atLeastOne,
  max_points_count: atLeastOne,
  filter_max_conditions: anyCount,
  max_payload_index_count: anyCount,
  max_timeout: lacking,
  search_max_oversampling: lacking,
  condition_max_size: lacking,
  max_collection_vector_size_bytes: lacking,
  max_collection_payload_size_bytes: lacking,
  max_resident_memory_percent: lacking,
  multivector_config: lacking,
  sparse_config: lacking,
});
export type StrictMode = z.infer<typeof strictMode>;

const settings = z.record(z.string(), z.unknown()).nullish();
/** Settings that change how the engine stores and searches, not what it answers. */
const tuning = {
  hnsw_config: settings,
  optimizers_config: settings,
  quantization_config: settings,
};
export const createBody = z.looseObject({
  vectors: z.union([denseParams, z.record(z.string(), denseParams)]).nullish(),
  sparse_vectors: z.record(z.string(), sparseParams).nullish(),
  strict_mode_config: strictMode.nullish(),
  on_disk_payload: z.boolean().nullish(),
  wal_config: settings,
  shard_number: atLeastOne,
  replication_factor: atLeastOne,
  write_consistency_factor: atLeastOne,
  sharding_method: z.literal('auto').nullish(),
  metadata: lacking,
  ...tuning,
});
export const updateBody = z.looseObject({
  strict_mode_config: strictMode.nullish(),
  params: settings,
  vectors: z.record(z.string(), z.looseObject({})).nullish(),
  sparse_vectors: lacking,
  metadata: lacking,
  ...tuning,
});

const fieldTypes = ['keyword', 'integer', 'float', 'geo', 'text', 'bool', 'datetime', 'uuid'] as const;
export const indexBody = z.looseObject({
  field_name: z.string().min(1),
  field_schema: z.union([z.enum(fieldTypes), z.looseObject({ type: z.enum(fieldTypes) })]).nullish(),
});
export const aliasesBody = z.looseObject({
  actions: z.array(
    z.union([
      z.object({ create_alias: z.object({ collection_name: z.string(), alias_name: z.string() }) }),
      z.object({ delete_alias: z.object({ alias_name: z.string() }) }),
      z.object({ rename_alias: z.object({ old_alias_name: z.string(), new_alias_name: z.string() }) }),
    ]),
  ),
});
