/** Schemas of the request bodies; fields that the stand-in does not use are not checked. */
import { z } from 'zod';
import { formatError } from './errors.ts';
import { filter, oneOrMany, pointId, type Filter } from './filter-body.ts';

export const sparseVector = z.looseObject({
  indices: z.array(z.number().int().min(0)),
  values: z.array(z.number()),
});
export type SparseVectorBody = { indices: number[]; values: number[] };

const anyVector = z.union([z.array(z.number()), sparseVector]);
export const vectors = z.union([z.array(z.number()), z.record(z.string(), anyVector)]);
export type VectorsBody = z.infer<typeof vectors>;

const payload = z.record(z.string(), z.unknown());
export const point = z.looseObject({ id: pointId, vector: vectors, payload: payload.nullish() });
export const upsertBody = z.union([
  z.looseObject({ points: z.array(point) }),
  z.looseObject({
    batch: z.looseObject({
      ids: z.array(pointId),
      vectors: z.union([z.array(z.array(z.number())), z.record(z.string(), z.array(anyVector))]),
      payloads: z.array(payload.nullable()).nullish(),
    }),
  }),
]);

const withPayload = z
  .union([
    z.boolean(),
    z.array(z.string()),
    z.looseObject({ include: z.array(z.string()).nullish(), exclude: z.array(z.string()).nullish() }),
  ])
  .nullish();
export type WithPayload = z.infer<typeof withPayload>;
const withVector = z.union([z.boolean(), z.array(z.string())]).nullish();
export type WithVector = z.infer<typeof withVector>;
/** `with_vectors` was sent by older versions of Qdrant's Python client and is still accepted. */
const selection = { with_payload: withPayload, with_vector: withVector, with_vectors: withVector };

const limit = z.number().int().min(1).nullish();
const queryValue = z.union([
  z.array(z.number()),
  sparseVector,
  pointId,
  z.looseObject({ nearest: z.union([z.array(z.number()), sparseVector, pointId]) }),
  z.looseObject({ fusion: z.enum(['rrf', 'dbsf']) }),
  z.looseObject({
    rrf: z.looseObject({ k: z.number().int().min(1).nullish(), weights: z.array(z.number()).nullish() }),
  }),
  z.looseObject({
    order_by: z.union([z.string(), z.looseObject({ key: z.string(), direction: z.string().nullish() })]),
  }),
  z.looseObject({ sample: z.literal('random') }),
]);
export type QueryValue = z.infer<typeof queryValue>;

export type Prefetch = {
  query?: QueryValue | null | undefined;
  using?: string | null | undefined;
  filter?: Filter | null | undefined;
  score_threshold?: number | null | undefined;
  limit?: number | null | undefined;
  prefetch?: Prefetch[] | null | undefined;
};
const prefetch: z.ZodType<Prefetch> = z.lazy(() =>
  z.looseObject({
    query: queryValue.nullish(),
    using: z.string().nullish(),
    filter: filter.nullish(),
    score_threshold: z.number().nullish(),
    limit,
    prefetch: oneOrMany(prefetch),
  }),
) as unknown as z.ZodType<Prefetch>;
export const queryBody = z.looseObject({
  query: queryValue.nullish(),
  using: z.string().nullish(),
  filter: filter.nullish(),
  score_threshold: z.number().nullish(),
  limit,
  offset: z.number().int().min(0).nullish(),
  prefetch: oneOrMany(prefetch),
  ...selection,
});
export type QueryBody = z.infer<typeof queryBody>;
export const queryBatchBody = z.looseObject({ searches: z.array(queryBody) });

export const searchBody = z.looseObject({
  vector: z.union([
    z.array(z.number()),
    z.looseObject({ name: z.string(), vector: z.union([z.array(z.number()), sparseVector]) }),
  ]),
  filter: filter.nullish(),
  score_threshold: z.number().nullish(),
  limit: z.number().int().min(1),
  offset: z.number().int().min(0).nullish(),
  ...selection,
});
export const scrollBody = z.looseObject({
  limit,
  offset: pointId.nullish(),
  filter: filter.nullish(),
  order_by: z
    .union([z.string(), z.looseObject({ key: z.string(), direction: z.string().nullish() })])
    .nullish(),
  ...selection,
});
export const retrieveBody = z.looseObject({ ids: z.array(pointId), ...selection });
export const countBody = z.looseObject({ filter: filter.nullish(), exact: z.boolean().nullish() });
export const pointsSelector = z.union([
  z.looseObject({ points: z.array(pointId) }),
  z.looseObject({ filter }),
]);
export const vectorsBody = z.looseObject({
  points: z.array(z.looseObject({ id: pointId, vector: vectors })),
});
export const vectorNamesBody = z.looseObject({
  vector: z.array(z.string()).min(1),
  points: z.array(pointId).nullish(),
  filter: filter.nullish(),
});
export const payloadBody = z.looseObject({
  payload,
  points: z.array(pointId).nullish(),
  filter: filter.nullish(),
  key: z.string().nullish(),
});
/** Of `points/batch`: each operation is an object with its name as the only key. */
export const batchBody = z.looseObject({
  operations: z.array(
    z.partialRecord(
      z.enum([
        'upsert',
        'delete',
        'set_payload',
        'overwrite_payload',
        'delete_payload',
        'clear_payload',
        'update_vectors',
        'delete_vectors',
      ]),
      z.unknown(),
    ),
  ),
});
export const payloadKeysBody = z.looseObject({
  keys: z.array(z.string()),
  points: z.array(pointId).nullish(),
  filter: filter.nullish(),
});

const denseParams = z.looseObject({
  size: z.number().int().min(1).max(65_536),
  distance: z.enum(['Cosine', 'Euclid', 'Dot', 'Manhattan']),
});
export type DenseParams = z.infer<typeof denseParams>;
const sparseParams = z.looseObject({ modifier: z.enum(['none', 'idf']).nullish() });
export type SparseParams = z.infer<typeof sparseParams>;
const strictMode = z.looseObject({
  enabled: z.boolean().nullish(),
  unindexed_filtering_retrieve: z.boolean().nullish(),
  unindexed_filtering_update: z.boolean().nullish(),
  max_query_limit: z.number().nullish(),
});
export type StrictMode = z.infer<typeof strictMode>;
export const createBody = z.looseObject({
  vectors: z.union([denseParams, z.record(z.string(), denseParams)]).nullish(),
  sparse_vectors: z.record(z.string(), sparseParams).nullish(),
  strict_mode_config: strictMode.nullish(),
  on_disk_payload: z.boolean().nullish(),
});
export const updateBody = z.looseObject({ strict_mode_config: strictMode.nullish() });

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

/** Parses a body; throws the vendor's 400. */
export function parseBody<T extends z.ZodType>(schema: T, body: () => unknown): z.output<T> {
  let value: unknown;
  try {
    value = body();
  } catch (error) {
    throw formatError((error as Error).message);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw formatError(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'data did not match any variant'}`);
}
