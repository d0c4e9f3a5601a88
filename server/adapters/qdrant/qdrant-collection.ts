import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { ServerFailure } from '../../failure.ts';
import type { CollectionState, StoredVector } from '../../collection/ports.ts';
import { leasePointId, leaseSchema, type Lease } from '../../collection/lease.ts';
import { stampPointId, stampSchema, type Stamp } from '../../collection/stamp.ts';
import type { QdrantRest } from './qdrant-rest.ts';
import { withinLimit } from './within-limit.ts';

export const denseName = 'dense';
export const sparseName = 'bm25';
/** What an `EditionFilter` looks at. */
export const editionFields = ['version', 'locale'] as const;
const pageSize = 256;
const addedWhileReading = 10_000;

const pointIdSchema = z.union([z.string(), z.number()]);
const pointSchema = z.looseObject({
  id: pointIdSchema,
  payload: z.record(z.string(), z.unknown()).nullish(),
});
export type QdrantPoint = z.infer<typeof pointSchema>;

const infoSchema = z.looseObject({
  result: z.looseObject({
    config: z.looseObject({
      params: z.looseObject({
        vectors: z.unknown(),
        sparse_vectors: z.record(z.string(), z.unknown()).nullish(),
      }),
      quantization_config: z.unknown().optional(),
    }),
    payload_schema: z.record(z.string(), z.unknown()).nullish().catch(undefined),
  }),
});
const countSchema = z.looseObject({ result: z.looseObject({ count: z.number() }) });
const pointsSchema = z.looseObject({ result: z.array(pointSchema) });
const pageSchema = z.looseObject({
  result: z.looseObject({ points: z.array(pointSchema), next_page_offset: pointIdSchema.nullish() }),
});

type RestOptions = { rest: QdrantRest; signal: AbortSignal };

/** The collection's size, vectors and stamp. Throws a ServerFailure. */
export async function describeCollection({ rest, signal }: RestOptions): Promise<CollectionState> {
  const info = await rest({ path: '', schema: infoSchema, signal }).catch(nullIfMissing);
  if (info === null) return { exists: false };
  const { config, payload_schema: indexes } = info.result;
  const vector = denseVectorOf(config.params.vectors);
  return {
    exists: true,
    points: await countPoints({ rest, signal }),
    dimensions: vector?.size ?? null,
    vectorName: vector?.name ?? null,
    hasSparse: sparseName in (config.params.sparse_vectors ?? {}),
    isQuantised: config.quantization_config != null,
    isFilterable: editionFields.every((field) => field in (indexes ?? {})),
    stamp: await readStamp({ rest, signal }),
  };
}

/** Counted, because `points_count` runs behind while the engine rewrites a large collection (seen on 1.19.0). */
async function countPoints({ rest, signal }: RestOptions): Promise<number> {
  const body = { exact: true };
  return (await rest({ path: '/points/count', body, schema: countSchema, signal })).result.count;
}

async function readStamp({ rest, signal }: RestOptions): Promise<Stamp | null> {
  const [point] = await readPoints({ rest, ids: [stampPointId], signal });
  return stampSchema.safeParse(point?.payload).data ?? null;
}

/** Which process is writing into the collection; null when none is, or there is no collection. Throws a ServerFailure. */
export async function readLease({ rest, signal }: RestOptions): Promise<Lease | null> {
  const points = await readPoints({ rest, ids: [leasePointId], signal }).catch(nullIfMissing);
  return leaseSchema.safeParse(points?.[0]?.payload).data ?? null;
}

/** The existing points among `ids`, with their payload. Throws a ServerFailure. */
export async function readPoints({
  rest,
  ids,
  signal,
}: RestOptions & { ids: readonly string[] }): Promise<QdrantPoint[]> {
  const body = { ids, with_payload: true, with_vector: false };
  return (await rest({ path: '/points', body, schema: pointsSchema, signal })).result;
}

const vectorsSchema = z.looseObject({
  result: z.array(z.looseObject({ id: pointIdSchema, vector: z.record(z.string(), z.unknown()).nullish() })),
});

/** The vectors called `name` of those points among `ids` that have one. Throws a ServerFailure. */
export async function readVectors({
  rest,
  ids,
  name,
  signal,
}: RestOptions & { ids: readonly string[]; name: string }): Promise<StoredVector[]> {
  const body = { ids, with_payload: false, with_vector: [name] };
  const { result } = await rest({ path: '/points', body, schema: vectorsSchema, signal });
  return result.flatMap(({ id, vector }) => {
    const values = vector?.[name];
    return Array.isArray(values) ? [{ id: String(id), vector: values.map(Number) }] : [];
  });
}

/** Every point once, page by page, with its whole payload or only the given fields. Throws a ServerFailure. */
export async function* scrollPoints({
  rest,
  withPayload,
  signal,
}: RestOptions & { withPayload: true | string[] }): AsyncGenerator<QdrantPoint> {
  // Points may be added while it is read, but a scroll without an end would fill the memory.
  const most = (await countPoints({ rest, signal })) + addedWhileReading;
  const seen = new Set<string | number>();
  let offset: string | number | undefined;
  let limit = pageSize;
  do {
    const from = offset === undefined ? {} : { offset };
    const fields = { with_payload: withPayload, with_vector: false, ...from };
    const page = await waitingForRate(signal, () =>
      withinLimit(limit, (size) =>
        rest({ path: '/points/scroll', body: { limit: size, ...fields }, schema: pageSchema, signal }),
      ),
    );
    limit = page.size;
    const { result } = page.result;
    const added = result.points.filter(({ id }) => !seen.has(id));
    for (const { id } of added) seen.add(id);
    yield* added;
    offset = added.length === 0 ? undefined : (result.next_page_offset ?? undefined);
  } while (offset !== undefined && seen.size <= most);
}

const maxWaits = 5;

/** Asks again for a page that strict mode's rate refuses, when the cluster allows it. */
async function waitingForRate<T>(signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
  for (let waits = 0; ; waits += 1) {
    try {
      return await ask();
    } catch (error) {
      const pauseMs = error instanceof ServerFailure ? error.retryAfterMs : undefined;
      if (pauseMs === undefined || waits === maxWaits) throw error;
      await sleep(pauseMs, undefined, { signal });
    }
  }
}

function nullIfMissing(error: unknown): null {
  if (error instanceof ServerFailure && error.code === 'qdrant-collection-missing') return null;
  throw error;
}

/** `{size}` describes an unnamed vector; otherwise it is a map by name, in which ours is preferred. */
function denseVectorOf(vectors: unknown): { name: string; size: number } | null {
  if (typeof vectors !== 'object' || vectors === null) return null;
  if ('size' in vectors && typeof vectors.size === 'number') return { name: '', size: vectors.size };
  const byName = Object.entries(vectors).flatMap(([name, config]) => {
    const vector = denseVectorOf(config);
    return vector === null ? [] : [{ name, size: vector.size }];
  });
  return byName.find(({ name }) => name === denseName) ?? byName[0] ?? null;
}
