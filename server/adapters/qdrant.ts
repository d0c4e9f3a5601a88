import type {
  CollectionState,
  PassageStore,
  PointToWrite,
  ScoredSection,
  SparseVector,
} from '../index/ports.ts';
import { leasePointId, type Lease } from '../index/lease.ts';
import type { Section } from '../index/section.ts';
import { stampPointId, type Stamp } from '../index/stamp.ts';
import { createKeepAlive } from './keep-alive.ts';
import { qdrantAddress, type QdrantAddress } from './qdrant-address.ts';
import { qdrantCaller, type QdrantCall } from './qdrant-client.ts';
import {
  denseName,
  describeCollection,
  readLease,
  readPoints,
  scrollPoints,
  sparseName,
} from './qdrant-collection.ts';
import { sectionOf } from './qdrant-payload.ts';
import { qdrantRest, type QdrantRest } from './qdrant-rest.ts';
import { qdrantRoads, type QdrantRoads } from './qdrant-roads.ts';
import { searchPoints, type KnownSections } from './qdrant-search.ts';

const payloadsAtOnce = 8;
/** Searches on their way at once: a burst is served sooner by few connections than by a thousand. */
const maxSockets = 32;

type Options = {
  url: string;
  apiKey: string | null;
  collection: string;
  /** Another road for when the address' own port is blocked; 443 for a cluster at 6333 by default. */
  second?: QdrantAddress | null;
};

type Asking = { signal: AbortSignal };

/**
 * The book's collection in Qdrant. `url` without a port means 6333 (the vendor's convention). Reading goes
 * over kept connections, writing through the vendor's client. Throws a Failure.
 */
export function createQdrantStore(options: Options): PassageStore {
  return new QdrantStore(options);
}

class QdrantStore implements PassageStore {
  readonly collection: string;
  readonly #call: QdrantCall;
  readonly #rest: QdrantRest;
  readonly #roads: QdrantRoads;
  /** Learned from the collection: ours has a vector named `dense`, a legacy one an unnamed one. */
  #vectorName = denseName;

  constructor({ url, apiKey, collection, second }: Options) {
    const address = qdrantAddress(url);
    const keepAlive = createKeepAlive({ origin: address.origin, maxSockets });
    this.collection = collection;
    this.#roads = qdrantRoads({ address, second, apiKey, keepAlive });
    this.#rest = qdrantRest({ roads: this.#roads, apiKey, collection, keepAlive });
    this.#call = qdrantCaller({ roads: this.#roads, apiKey, collection });
  }

  road(): string | null {
    return this.#roads.road();
  }

  async describe({ signal }: Asking): Promise<CollectionState> {
    const state = await describeCollection({ rest: this.#rest, signal });
    if (state.exists && state.vectorName !== null) this.#vectorName = state.vectorName;
    return state;
  }

  async *sections({ signal }: Asking): AsyncGenerator<Section> {
    let position = 0;
    for await (const { id, payload } of this.#points(signal, true)) {
      const section = sectionOf({ id, payload, position: position++ });
      if (section !== null) yield section;
    }
  }

  async sectionsById({ ids, signal }: Asking & { ids: readonly string[] }): Promise<Section[]> {
    const found = await readPoints({ rest: this.#rest, ids, signal });
    return found.flatMap(({ id, payload }, position) => sectionOf({ id, payload, position }) ?? []);
  }

  async *hashes({ signal }: Asking): AsyncGenerator<{ id: string; hash: string; hasDense: boolean }> {
    for await (const { id, payload } of this.#points(signal, ['kind', 'hash', 'has_dense'])) {
      if (id === stampPointId || id === leasePointId) continue;
      const hash = payload?.['hash'];
      const hasDense = payload?.['has_dense'] !== false;
      yield { id: String(id), hash: typeof hash === 'string' ? hash : '', hasDense };
    }
  }

  #points(signal: AbortSignal, withPayload: true | string[]): ReturnType<typeof scrollPoints> {
    return scrollPoints({ rest: this.#rest, withPayload, signal });
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
    const indexes = ['kind', 'source', 'hash'].map((field) =>
      this.#call(signal, (client) =>
        client.createPayloadIndex(this.collection, {
          wait: true,
          field_name: field,
          field_schema: 'keyword',
        }),
      ),
    );
    await Promise.all(indexes);
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

  writeStamp({ stamp, signal }: Asking & { stamp: Stamp }): Promise<void> {
    return this.#writePayload({ id: stampPointId, payload: { ...stamp }, signal });
  }

  readLease({ signal }: Asking): Promise<Lease | null> {
    return readLease({ rest: this.#rest, signal });
  }

  writeLease({ lease, signal }: Asking & { lease: Lease }): Promise<void> {
    return this.#writePayload({ id: leasePointId, payload: { ...lease }, signal });
  }

  async #writePayload(of: Asking & { id: string; payload: Record<string, unknown> }): Promise<void> {
    const { id, payload, signal } = of;
    const points = [{ id, vector: {}, payload }];
    await this.#call(signal, (client) => client.upsert(this.collection, { wait: true, points }));
  }

  searchDense({
    vector,
    limit,
    known,
    signal,
  }: Asking & { vector: number[]; limit: number; known?: KnownSections }): Promise<ScoredSection[]> {
    const using = this.#vectorName === '' ? {} : { using: this.#vectorName };
    const body = { query: vector, ...using, limit };
    return searchPoints({ rest: this.#rest, body, known, signal });
  }

  searchSparse({
    vector,
    limit,
    signal,
  }: Asking & { vector: SparseVector; limit: number }): Promise<ScoredSection[]> {
    const body = { query: vector, using: sparseName, limit };
    return searchPoints({ rest: this.#rest, body, signal });
  }
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
