import { Failure } from '../failure.ts';
import type {
  CollectionState,
  PassageStore,
  PointToWrite,
  ScoredSection,
  SparseVector,
} from '../index/ports.ts';
import type { Section } from '../index/section.ts';
import { stampPointId, stampSchema, type Stamp } from '../index/stamp.ts';
import { createKeepAlive } from './keep-alive.ts';
import { qdrantAddress } from './qdrant-address.ts';
import { qdrantCaller, type QdrantCall } from './qdrant-client.ts';
import { sectionOf } from './qdrant-payload.ts';
import { searchPoints, type KnownSections, type SearchBody } from './qdrant-search.ts';

const denseName = 'dense';
const sparseName = 'bm25';
const pageSize = 256;
const payloadsAtOnce = 8;
/** Searches on their way at once: a burst is served sooner by few connections than by a thousand. */
const maxSockets = 32;

type Options = {
  url: string;
  apiKey: string | null;
  collection: string;
};

type Point = { id: string | number; payload?: Record<string, unknown> | null | undefined };
type Asking = { signal: AbortSignal };

/**
 * The book's collection in Qdrant. `url` without a port means 6333 (the vendor's convention). Searching goes
 * over kept connections, everything else through the vendor's client. Throws a Failure.
 */
export function createQdrantStore(options: Options): PassageStore {
  return new QdrantStore(options);
}

class QdrantStore implements PassageStore {
  readonly collection: string;
  readonly #call: QdrantCall;
  readonly #search: (
    body: SearchBody,
    signal: AbortSignal,
    known?: KnownSections,
  ) => Promise<ScoredSection[]>;
  /** Learned from the collection: ours has a vector named `dense`, a legacy one an unnamed one. */
  #vectorName = denseName;

  constructor({ url, apiKey, collection }: Options) {
    const address = qdrantAddress(url);
    const keepAlive = createKeepAlive({ origin: address.origin, maxSockets });
    this.collection = collection;
    this.#call = qdrantCaller({ address, apiKey, collection });
    this.#search = (body, signal, known) =>
      searchPoints({ endpoint: address.url, apiKey, collection, keepAlive, body, known, signal });
  }

  async describe({ signal }: Asking): Promise<CollectionState> {
    const info = await this.#call(signal, (client) => client.getCollection(this.collection)).catch(orMissing);
    if (info === null) return { exists: false };
    const { vectors, sparse_vectors: sparse } = info.config.params;
    const found = vectorOf(vectors);
    if (found !== null) this.#vectorName = found.name;
    return {
      exists: true,
      points: info.points_count ?? 0,
      dimensions: found?.size ?? null,
      vectorName: found?.name ?? null,
      hasSparse: sparseName in (sparse ?? {}),
      stamp: await this.#readStamp(signal),
    };
  }

  async #readStamp(signal: AbortSignal): Promise<Stamp | null> {
    const [point] = await this.#call(signal, (client) =>
      client.retrieve(this.collection, { ids: [stampPointId], with_payload: true, with_vector: false }),
    );
    return stampSchema.safeParse(point?.payload).data ?? null;
  }

  async *sections({ signal }: Asking): AsyncGenerator<Section> {
    let position = 0;
    for await (const { id, payload } of this.#scroll(signal, true)) {
      const section = sectionOf({ id, payload, position: position++ });
      if (section !== null) yield section;
    }
  }

  async *hashes({ signal }: Asking): AsyncGenerator<{ id: string; hash: string; hasDense: boolean }> {
    for await (const { id, payload } of this.#scroll(signal, ['kind', 'hash', 'has_dense'])) {
      if (payload?.['kind'] === 'stamp') continue;
      const hash = payload?.['hash'];
      const hasDense = payload?.['has_dense'] !== false;
      yield { id: String(id), hash: typeof hash === 'string' ? hash : '', hasDense };
    }
  }

  async *#scroll(signal: AbortSignal, withPayload: true | string[]): AsyncGenerator<Point> {
    let offset: string | number | undefined;
    do {
      const from = offset === undefined ? {} : { offset };
      const page = await this.#call(signal, (client) =>
        client.scroll(this.collection, {
          limit: pageSize,
          with_payload: withPayload,
          with_vector: false,
          ...from,
        }),
      );
      yield* page.points;
      const next = page.next_page_offset;
      offset = typeof next === 'string' || typeof next === 'number' ? next : undefined;
    } while (offset !== undefined);
  }

  async create({ dimensions, signal }: Asking & { dimensions: number }): Promise<void> {
    const vectors = { [denseName]: { size: dimensions, distance: 'Cosine' } } as const;
    const sparse_vectors = { [sparseName]: { modifier: 'idf' } } as const;
    try {
      await this.#call(signal, (client) =>
        client.createCollection(this.collection, { vectors, sparse_vectors }),
      );
    } catch (error) {
      // An earlier run was cut off here, or another one was faster.
      const state = await this.describe({ signal });
      const isSame = state.exists && state.hasSparse && state.vectorName === denseName;
      if (!isSame || state.dimensions !== dimensions) throw error;
    }
    this.#vectorName = denseName;
    // Qdrant Cloud's strict mode refuses to filter on a field that has no index.
    for (const field of ['kind', 'source', 'hash'])
      await this.#call(signal, (client) =>
        client.createPayloadIndex(this.collection, {
          wait: true,
          field_name: field,
          field_schema: 'keyword',
        }),
      );
  }

  async upsert({ points, signal }: Asking & { points: readonly PointToWrite[] }): Promise<void> {
    if (points.length === 0) return;
    await this.#call(signal, (client) =>
      client.upsert(this.collection, { wait: true, points: points.map(pointOf) }),
    );
  }

  async updatePayloads({ sections, signal }: Asking & { sections: readonly Section[] }): Promise<void> {
    for (let at = 0; at < sections.length; at += payloadsAtOnce)
      await this.#call(signal, (client) =>
        Promise.all(
          sections
            .slice(at, at + payloadsAtOnce)
            .map(({ id, ...payload }) =>
              client.setPayload(this.collection, { wait: true, payload, points: [id] }),
            ),
        ),
      );
  }

  async remove({ ids, signal }: Asking & { ids: readonly string[] }): Promise<void> {
    if (ids.length === 0) return;
    await this.#call(signal, (client) => client.delete(this.collection, { wait: true, points: [...ids] }));
  }

  async writeStamp({ stamp, signal }: Asking & { stamp: Stamp }): Promise<void> {
    const point = { id: stampPointId, vector: {}, payload: { ...stamp } };
    await this.#call(signal, (client) => client.upsert(this.collection, { wait: true, points: [point] }));
  }

  searchDense({
    vector,
    limit,
    known,
    signal,
  }: Asking & { vector: number[]; limit: number; known?: KnownSections }): Promise<ScoredSection[]> {
    const using = this.#vectorName === '' ? {} : { using: this.#vectorName };
    return this.#search({ query: vector, ...using, limit }, signal, known);
  }

  searchSparse({
    vector,
    limit,
    signal,
  }: Asking & { vector: SparseVector; limit: number }): Promise<ScoredSection[]> {
    return this.#search({ query: vector, using: sparseName, limit }, signal);
  }
}

function orMissing(error: unknown): null {
  if (error instanceof Failure && error.code === 'qdrant-collection-missing') return null;
  throw error;
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
