/**
 * Schemas of the request bodies about points. As in the engine, an unknown field is ignored; a field that the engine
 * knows is obeyed, or refused where the stand-in lacks it.
 */
import * as z from 'zod';
import type { RouteCall } from '../exchange/serve-routes.ts';
import { formatError, QdrantApiError, validationError } from './errors.ts';
import { filter, oneOrMany, pointId, type Filter } from './points/filter-body.ts';

/** A field that the stand-in lacks: only its absence is accepted. */
export const lacking = z.null('the stand-in does not support this field').optional();

const maxIndex = 4_294_967_295;
export const sparseVector = z
  .looseObject({
    indices: z.array(z.number().int().min(0).max(maxIndex)),
    values: z.array(z.number()),
  })
  .refine(({ indices, values }) => {
    if (indices.length !== values.length)
      throw validationError('vector.?.values: Validation error: must be the same length as indices [{}]');
    if (new Set(indices).size !== indices.length)
      throw validationError('vector.?.indices: Validation error: must be unique [{}]');
    return true;
  });
export type SparseVectorBody = { indices: number[]; values: number[] };

const anyVector = z.union([z.array(z.number()), sparseVector]);
const vectors = z.union([z.array(z.number()), z.record(z.string(), anyVector)]);
export type VectorsBody = z.infer<typeof vectors>;

/** Custom sharding is not imitated. */
const sharded = { shard_key: lacking };
const payload = z.record(z.string(), z.unknown());
const point = z.looseObject({ id: pointId, vector: vectors, payload: payload.nullish() });
const upsertOptions = {
  ...sharded,
  update_filter: filter.nullish(),
  update_mode: z.enum(['upsert', 'insert_only', 'update_only']).nullish(),
};
export const upsertBody = z.union([
  z.looseObject({ points: z.array(point), ...upsertOptions }),
  z.looseObject({
    batch: z.looseObject({
      ids: z.array(pointId),
      vectors: z.union([z.array(z.array(z.number())), z.record(z.string(), z.array(anyVector))]),
      payloads: z.array(payload.nullable()).nullish(),
    }),
    ...upsertOptions,
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
const selection = {
  with_payload: withPayload,
  with_vector: withVector,
  with_vectors: withVector,
  ...sharded,
};

/** At least 1; the engine's word for the field differs by request. */
const limitCalled = (name: string) =>
  z
    .number()
    .int()
    .nonnegative()
    .refine((limit) => {
      if (limit === 0) throw validationError(`${name}: value 0 invalid, must be 1 or larger`);
      return true;
    })
    .nullish();

export const orderBy = z.union([
  z.string(),
  z.looseObject({
    key: z.string(),
    direction: z.enum(['asc', 'desc']).nullish(),
    start_from: z.union([z.number(), z.string()]).nullish(),
  }),
]);
/** The search is exact, so that only what would change its results is refused. */
const params = z
  .looseObject({
    exact: z.boolean().nullish(),
    hnsw_ef: z.number().int().nullish(),
    indexed_only: z.literal(false).nullish(),
    idf: lacking,
  })
  .nullish();

const queryValue = z.union([
  z.array(z.number()),
  sparseVector,
  pointId,
  z.looseObject({ nearest: z.union([z.array(z.number()), sparseVector, pointId]), mmr: lacking }),
  z.looseObject({ fusion: z.enum(['rrf', 'dbsf']) }),
  z.looseObject({
    rrf: z.looseObject({ k: z.number().int().min(1).nullish(), weights: z.array(z.number()).nullish() }),
  }),
  z.looseObject({ order_by: orderBy }),
  z.looseObject({ sample: z.literal('random') }),
]);
export type QueryValue = z.infer<typeof queryValue>;

export type Prefetch = {
  query?: QueryValue | null | undefined;
  using?: string | null | undefined;
  filter?: Filter | null | undefined;
  score_threshold?: number | null | undefined;
  limit?: number | null | undefined;
  params?: z.infer<typeof params>;
  prefetch?: Prefetch[] | null | undefined;
};
const prefetchFields = {
  query: queryValue.nullish(),
  using: z.string().nullish(),
  filter: filter.nullish(),
  score_threshold: z.number().nullish(),
  params,
  lookup_from: lacking,
};
const prefetch: z.ZodType<Prefetch> = z.lazy(() =>
  z.looseObject({ ...prefetchFields, limit: limitCalled('prefetch.limit'), prefetch: oneOrMany(prefetch) }),
) as unknown as z.ZodType<Prefetch>;
export const queryBody = z.looseObject({
  ...prefetchFields,
  limit: limitCalled('internal.limit'),
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
  limit: limitCalled('search_request.limit').pipe(z.number()),
  offset: z.number().int().min(0).nullish(),
  params,
  ...selection,
});
export const scrollBody = z.looseObject({
  limit: limitCalled('scroll_request.limit'),
  offset: pointId.nullish(),
  filter: filter.nullish(),
  order_by: orderBy.nullish(),
  ...selection,
});
export const retrieveBody = z.looseObject({ ids: z.array(pointId), ...selection });
export const countBody = z.looseObject({
  filter: filter.nullish(),
  exact: z.boolean().nullish(),
  ...sharded,
});
export const pointsSelector = z.union([
  z.looseObject({ points: z.array(pointId), ...sharded }),
  z.looseObject({ filter, ...sharded }),
]);
export const vectorsBody = z.looseObject({
  points: z.array(z.looseObject({ id: pointId, vector: vectors })),
  update_filter: filter.nullish(),
  ...sharded,
});

/** By ids or by a filter, one of them. */
const selectedBy = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z
    .looseObject({
      ...shape,
      points: z.array(pointId).nullish(),
      filter: filter.nullish(),
      ...sharded,
    })
    .refine((body) => {
      if (body.points == null && body.filter == null)
        throw formatError('Either list of point ids or filter must be provided');
      return true;
    });
export const vectorNamesBody = selectedBy({ vector: z.array(z.string()).min(1) });
export const payloadBody = selectedBy({ payload, key: z.string().nullish() });
export const payloadKeysBody = selectedBy({ keys: z.array(z.string()) });

const operationNames = [
  'upsert',
  'delete',
  'set_payload',
  'overwrite_payload',
  'delete_payload',
  'clear_payload',
  'update_vectors',
  'delete_vectors',
] as const;
/** Each operation is an object with its name as the only key. */
export const batchBody = z.looseObject({
  operations: z.array(
    z
      .partialRecord(z.enum(operationNames), z.unknown())
      .refine((operation) => Object.keys(operation).length === 1, 'expected one operation'),
  ),
});

const maxBodyBytes = 32 * 1024 * 1024;

/** Parses a body; throws the vendor's 400. */
export function parseBody<T extends z.ZodType>(
  schema: T,
  { body, json }: Pick<RouteCall, 'body' | 'json'>,
): z.output<T> {
  if (body.byteLength > maxBodyBytes) {
    const text = `JSON payload (${body.byteLength} bytes) is larger than allowed (limit: ${maxBodyBytes} bytes).`;
    throw new QdrantApiError(400, text);
  }
  let value: unknown;
  try {
    value = json();
  } catch (error) {
    const isEmpty = body.byteLength === 0;
    throw formatError(isEmpty ? 'EOF while parsing a value at line 1 column 0' : (error as Error).message);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw formatError(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'data did not match any variant'}`);
}
