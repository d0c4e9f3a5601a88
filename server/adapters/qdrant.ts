import type { QdrantClient } from '@qdrant/js-client-rest';
import { Failure } from '../failure.ts';
import type { CollectionState, PassageStore, PointToWrite } from '../index/ports.ts';
import type { Section } from '../index/section.ts';
import { stampPointId, stampSchema, type Stamp } from '../index/stamp.ts';
import { qdrantAddress } from './qdrant-address.ts';
import { qdrantFailure, qdrantUnreachable } from './qdrant-failure.ts';
import { sectionOf } from './qdrant-payload.ts';
import { searchPoints, unreadable } from './qdrant-search.ts';

const denseName = 'dense';
const sparseName = 'bm25';
const pageSize = 256;
const payloadsAtOnce = 8;
/** Milliseconds for one call of the client package; searches have the caller's signal. */
const callTimeout = 30_000;

/**
 * The book's collection in Qdrant. `url` without a port means 6333 (the vendor's convention). `fetch` is used
 * for searching alone; everything else goes through the vendor's client. Throws a Failure.
 */
export function createQdrantStore({
  url,
  apiKey,
  collection,
  fetch = globalThis.fetch,
}: {
  url: string;
  apiKey: string | null;
  collection: string;
  fetch?: typeof globalThis.fetch;
}): PassageStore {
  const address = qdrantAddress(url);
  let client: Promise<QdrantClient> | undefined;
  /** Learned from the collection: ours has a vector named `dense`, a legacy one an unnamed one. */
  let vectorName = denseName;

  /** Loaded on first use: a server that only answers needs it after it listens, not before. */
  const connect = (): Promise<QdrantClient> => (client ??= openClient({ address, apiKey }));

  async function call<T>(signal: AbortSignal, work: (open: QdrantClient) => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    try {
      return await unlessAborted(connect().then(work), signal);
    } catch (error) {
      signal.throwIfAborted();
      throw failureOf(error, collection);
    }
  }

  async function describe({ signal }: { signal: AbortSignal }): Promise<CollectionState> {
    const info = await call(signal, async (open) => {
      try {
        return await open.getCollection(collection);
      } catch (error) {
        const failure = failureOf(error, collection);
        if (failure.code === 'qdrant-collection-missing') return null;
        throw failure;
      }
    });
    if (info === null) return { exists: false };
    const vectors = vectorOf(info.config?.params?.vectors);
    if (vectors !== null) vectorName = vectors.name;
    return {
      exists: true,
      points: info.points_count ?? 0,
      dimensions: vectors?.size ?? null,
      vectorName: vectors?.name ?? null,
      hasSparse: sparseName in (info.config?.params?.sparse_vectors ?? {}),
      stamp: await readStamp(signal),
    };
  }

  async function readStamp(signal: AbortSignal): Promise<Stamp | null> {
    const [point] = await call(signal, (open) =>
      open.retrieve(collection, { ids: [stampPointId], with_payload: true, with_vector: false }),
    );
    return stampSchema.safeParse(point?.payload).data ?? null;
  }

  async function* scroll(
    signal: AbortSignal,
    withPayload: true | string[],
  ): AsyncGenerator<{ id: string | number; payload?: Record<string, unknown> | null | undefined }> {
    let offset: string | number | undefined;
    do {
      const from = offset;
      const page = await call(signal, (open) =>
        open.scroll(collection, {
          limit: pageSize,
          with_payload: withPayload,
          with_vector: false,
          ...(from === undefined ? {} : { offset: from }),
        }),
      );
      yield* page.points;
      const next = page.next_page_offset;
      offset = typeof next === 'string' || typeof next === 'number' ? next : undefined;
    } while (offset !== undefined);
  }

  async function* sections({ signal }: { signal: AbortSignal }): AsyncGenerator<Section> {
    let position = 0;
    for await (const { id, payload } of scroll(signal, true)) {
      const section = sectionOf({ id, payload, position: position++ });
      if (section !== null) yield section;
    }
  }

  async function* hashes({
    signal,
  }: {
    signal: AbortSignal;
  }): AsyncGenerator<{ id: string; hash: string; hasDense: boolean }> {
    for await (const { id, payload } of scroll(signal, ['kind', 'hash', 'has_dense'])) {
      if (payload?.['kind'] === 'stamp') continue;
      const hash = payload?.['hash'];
      yield {
        id: String(id),
        hash: typeof hash === 'string' ? hash : '',
        hasDense: payload?.['has_dense'] !== false,
      };
    }
  }

  async function create({ dimensions, signal }: { dimensions: number; signal: AbortSignal }): Promise<void> {
    await call(signal, (open) =>
      open.createCollection(collection, {
        vectors: { [denseName]: { size: dimensions, distance: 'Cosine' } },
        sparse_vectors: { [sparseName]: { modifier: 'idf' } },
      }),
    );
    vectorName = denseName;
    // Qdrant Cloud's strict mode refuses to filter on a field that has no index.
    for (const field of ['kind', 'source', 'hash'])
      await call(signal, (open) =>
        open.createPayloadIndex(collection, { wait: true, field_name: field, field_schema: 'keyword' }),
      );
  }

  async function upsert({
    points,
    signal,
  }: {
    points: readonly PointToWrite[];
    signal: AbortSignal;
  }): Promise<void> {
    if (points.length === 0) return;
    await call(signal, (open) => open.upsert(collection, { wait: true, points: points.map(pointOf) }));
  }

  async function updatePayloads({
    sections,
    signal,
  }: {
    sections: readonly Section[];
    signal: AbortSignal;
  }): Promise<void> {
    for (let at = 0; at < sections.length; at += payloadsAtOnce)
      await call(signal, (open) =>
        Promise.all(
          sections
            .slice(at, at + payloadsAtOnce)
            .map(({ id, ...payload }) => open.setPayload(collection, { wait: true, payload, points: [id] })),
        ),
      );
  }

  async function remove({ ids, signal }: { ids: readonly string[]; signal: AbortSignal }): Promise<void> {
    if (ids.length === 0) return;
    await call(signal, (open) => open.delete(collection, { wait: true, points: [...ids] }));
  }

  async function writeStamp({ stamp, signal }: { stamp: Stamp; signal: AbortSignal }): Promise<void> {
    await call(signal, (open) =>
      open.upsert(collection, {
        wait: true,
        points: [{ id: stampPointId, vector: {}, payload: { ...stamp } }],
      }),
    );
  }

  const target = { endpoint: address.url, apiKey, collection, fetch };
  return {
    collection,
    describe,
    create,
    sections,
    hashes,
    upsert,
    updatePayloads,
    remove,
    writeStamp,
    searchDense: ({ vector, limit, signal }) =>
      searchPoints({
        ...target,
        body: { query: vector, ...(vectorName === '' ? {} : { using: vectorName }), limit },
        signal,
      }),
    searchSparse: ({ vector, limit, signal }) =>
      searchPoints({ ...target, body: { query: vector, using: sparseName, limit }, signal }),
  };
}

function pointOf({ section, dense, sparse }: PointToWrite): {
  id: string;
  vector: Record<string, number[] | { indices: number[]; values: number[] }>;
  payload: Record<string, unknown>;
} {
  const { id, ...payload } = section;
  return {
    id,
    vector: { ...(dense === null ? {} : { [denseName]: dense }), [sparseName]: sparse },
    payload: { ...payload, has_dense: dense !== null },
  };
}

/** `{size}` is an unnamed vector; else a map by name, in which ours is preferred. */
function vectorOf(vectors: unknown): { name: string; size: number } | null {
  if (typeof vectors !== 'object' || vectors === null) return null;
  if ('size' in vectors && typeof vectors.size === 'number') return { name: '', size: vectors.size };
  const named = Object.entries(vectors).flatMap(([name, one]) => {
    const unnamed = vectorOf(one);
    return unnamed === null ? [] : [{ name, size: unnamed.size }];
  });
  return named.find(({ name }) => name === denseName) ?? named[0] ?? null;
}

async function openClient({
  address,
  apiKey,
}: {
  address: ReturnType<typeof qdrantAddress>;
  apiKey: string | null;
}): Promise<QdrantClient> {
  const { QdrantClient: Client } = await import('@qdrant/js-client-rest');
  return new Client({
    url: address.origin,
    port: address.port,
    ...(address.prefix === '' ? {} : { prefix: address.prefix }),
    timeout: callTimeout,
    checkCompatibility: false,
    // As a header, because the `apiKey` option prints a warning for http, which a local cluster uses.
    ...(apiKey === null ? {} : { headers: { 'api-key': apiKey } }),
  });
}

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', leave, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}

function failureOf(error: unknown, collection: string): Failure {
  if (error instanceof Failure) return error;
  if (typeof error !== 'object' || error === null) return qdrantUnreachable(error);
  if ('status' in error && typeof error.status === 'number') {
    const data = 'data' in error ? error.data : '';
    return qdrantFailure({
      status: error.status,
      body: typeof data === 'string' ? data : (JSON.stringify(data) ?? ''),
      collection,
    });
  }
  if ('retry_after' in error)
    return qdrantFailure({ status: 429, body: '', collection, retryAfter: String(error.retry_after) });
  const unread =
    error instanceof SyntaxError || (error instanceof Error && /uninitialized/.test(error.message));
  return unread ? unreadable(error) : qdrantUnreachable(error);
}
