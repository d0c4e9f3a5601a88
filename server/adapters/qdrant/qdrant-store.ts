import type {
  CollectionState,
  PassageStore,
  PointToWrite,
  ScoredSection,
  StoredHash,
  StoredVector,
} from '../../collection/ports.ts';
import { leasePointId, type Lease } from '../../collection/lease.ts';
import { sectionPayload, type Section } from '../../collection/section.ts';
import { stampPointId, type Stamp } from '../../collection/stamp.ts';
import { ServerFailure } from '../../failure.ts';
import { createKeepAliveAgent } from '../keep-alive-agent.ts';
import { parseQdrantUrl, type QdrantEndpoint } from './qdrant-url.ts';
import { createQdrantClientCall, type QdrantClientCall } from './qdrant-client.ts';
import {
  denseName,
  editionFields,
  describeCollection,
  readLease,
  readPoints,
  readVectors,
  scrollPoints,
  sparseName,
  type QdrantPoint,
} from './qdrant-collection.ts';
import { sectionFromPoint } from './qdrant-payload.ts';
import { createQdrantRest, writeSucceeded, type QdrantRest } from './qdrant-rest.ts';
import { quantise, quantisedSearch } from './quantisation.ts';
import { createQdrantEndpoints, type QdrantEndpoints } from './qdrant-endpoints.ts';
import { searchWithin, type SearchWithin } from './qdrant-search.ts';
import { withinLimit } from './within-limit.ts';

/** Concurrent requests; a few connections finish a burst sooner than a thousand. */
const maxSockets = 32;

/** A section's fields without its texts, which would be most of what is read. */
const shortFields = Object.keys(sectionPayload.omit({ content: true, enrichment: true }).shape);

type QdrantStoreOptions = {
  url: string;
  apiKey: string | null;
  collection: string;
  /** Used where the address's port is blocked; for a cluster at 6333, port 443 by default. */
  fallback?: QdrantEndpoint | null;
};

type CallOptions = { signal: AbortSignal };
type DenseSearch = Parameters<PassageStore['searchDense']>[0];
type SparseSearch = Parameters<PassageStore['searchSparse']>[0];

/**
 * The book's collection in Qdrant. A `url` without a port means 6333 (the vendor's convention). Reads use REST over
 * connections that stay open, and so do writes of points; the collection is created by the vendor's client. Throws a ServerFailure.
 */
export function createQdrantStore(options: QdrantStoreOptions): PassageStore {
  return new QdrantStore(options);
}

class QdrantStore implements PassageStore {
  readonly collection: string;
  readonly #call: QdrantClientCall;
  readonly #rest: QdrantRest;
  readonly #endpoints: QdrantEndpoints;
  /** Read from the collection: ours has a vector named `dense`, a legacy one an unnamed vector. */
  #vectorName = denseName;
  /** Read from the collection, too. */
  #isQuantised = false;
  #isFilterable = false;
  /** In one upsert; strict mode may allow fewer. */
  #mostPoints = Number.POSITIVE_INFINITY;

  constructor({ url, apiKey, collection, fallback }: QdrantStoreOptions) {
    const address = parseQdrantUrl(url);
    const agent = createKeepAliveAgent({ origin: address.origin, maxSockets });
    const endpoints = createQdrantEndpoints({ address, fallback, apiKey, agent });
    this.collection = collection;
    this.#endpoints = endpoints;
    this.#rest = createQdrantRest({ endpoints, apiKey, collection, agent });
    this.#call = createQdrantClientCall({ endpoints, apiKey, collection });
  }

  activeEndpoint(): string | null {
    return this.#endpoints.activeEndpoint();
  }

  async describe({ signal }: CallOptions): Promise<CollectionState> {
    const state = await describeCollection({ rest: this.#rest, signal });
    if (state.exists && state.vectorName !== null) this.#vectorName = state.vectorName;
    this.#isQuantised = state.exists && state.isQuantised === true;
    this.#isFilterable = state.exists && state.isFilterable === true;
    return state;
  }

  async *sections({ signal }: CallOptions): AsyncGenerator<Section> {
    let position = 0;
    for await (const { id, payload } of this.#points(signal, true)) {
      const section = sectionFromPoint({ id, payload, position: position++ });
      if (section !== null) yield section;
    }
  }

  async sectionsById({ ids, signal }: CallOptions & { ids: readonly string[] }): Promise<Section[]> {
    const points = await readPoints({ rest: this.#rest, ids, signal });
    return points.flatMap(({ id, payload }, position) => sectionFromPoint({ id, payload, position }) ?? []);
  }

  async vectorsById({ ids, signal }: CallOptions & { ids: readonly string[] }): Promise<StoredVector[]> {
    return readVectors({ rest: this.#rest, ids, name: this.#vectorName, signal });
  }

  async *hashes({ signal }: CallOptions): AsyncGenerator<StoredHash> {
    for await (const { id, payload } of this.#points(signal, [...shortFields, 'has_dense'])) {
      if (id === stampPointId || id === leasePointId) continue;
      const hash = payload?.['hash'];
      const hasDense = payload?.['has_dense'] !== false;
      const isWhole = shortFields.every((field) => payload != null && field in payload);
      yield { id: String(id), hash: typeof hash === 'string' ? hash : '', hasDense, isWhole };
    }
  }

  #points(signal: AbortSignal, withPayload: true | string[]): AsyncGenerator<QdrantPoint> {
    return scrollPoints({ rest: this.#rest, withPayload, signal });
  }

  async create({
    dimensions,
    isFilterable = false,
    signal,
  }: Parameters<PassageStore['create']>[0]): Promise<void> {
    const vectors = { [denseName]: { size: dimensions, distance: 'Cosine' } } as const;
    const sparse_vectors = { [sparseName]: { modifier: 'idf' } } as const;
    try {
      await this.#call(signal, (client) =>
        client.createCollection(this.collection, { vectors, sparse_vectors }),
      );
    } catch (error) {
      // An earlier run was interrupted here, or another process was faster.
      const state = await this.describe({ signal });
      const isSame = state.exists && state.hasSparse && state.vectorName === denseName;
      if (!isSame || state.dimensions !== dimensions) throw error;
    }
    this.#vectorName = denseName;
    // Qdrant Cloud's strict mode rejects a filter on a field without an index.
    const fields = ['kind', 'source', 'hash', ...(isFilterable ? editionFields : [])];
    const indexes = fields.map((field) =>
      this.#call(signal, (client) =>
        client.createPayloadIndex(this.collection, {
          wait: true,
          field_name: field,
          field_schema: 'keyword',
        }),
      ),
    );
    await Promise.all(indexes).catch((error: unknown) => {
      // A key for the points of this collection alone may not: then more is searched, and filtered here.
      if (!(error instanceof ServerFailure) || error.code !== 'qdrant-unauthorized') throw error;
    });
  }

  async quantise({ signal }: CallOptions): Promise<void> {
    await quantise({ rest: this.#rest, vectorName: this.#vectorName, signal });
  }

  /** Resolves when the change is applied, not only queued. */
  async #write({
    path,
    ...request
  }: CallOptions & { path: string; method?: 'PUT'; body: object }): Promise<void> {
    await this.#rest({ path: `${path}?wait=true`, schema: writeSucceeded, ...request });
  }

  async upsert({ points, signal }: CallOptions & { points: readonly PointToWrite[] }): Promise<void> {
    for (let at = 0; at < points.length;) {
      const rest = points.slice(at, at + this.#mostPoints).map(toPoint);
      const { size } = await withinLimit(rest.length, (most) =>
        this.#write({ path: '/points', method: 'PUT', body: { points: rest.slice(0, most) }, signal }),
      );
      if (size < rest.length) this.#mostPoints = size;
      at += size;
    }
  }

  async updatePayloads({ sections, signal }: CallOptions & { sections: readonly Section[] }): Promise<void> {
    if (sections.length === 0) return;
    // Not `set_payload`, which removes a key whose new value is null (seen on 1.19.0).
    const operations = sections.map(({ id, ...payload }) => ({
      overwrite_payload: { payload: { ...payload, has_dense: true }, points: [id] },
    }));
    await this.#write({ path: '/points/batch', body: { operations }, signal });
  }

  async remove({ ids, signal }: CallOptions & { ids: readonly string[] }): Promise<void> {
    if (ids.length === 0) return;
    await this.#write({ path: '/points/delete', body: { points: ids }, signal });
  }

  writeStamp({ stamp, signal }: CallOptions & { stamp: Stamp }): Promise<void> {
    return this.#writePayload({ id: stampPointId, payload: { ...stamp }, signal });
  }

  readLease({ signal }: CallOptions): Promise<Lease | null> {
    return readLease({ rest: this.#rest, signal });
  }

  writeLease({ lease, signal }: CallOptions & { lease: Lease }): Promise<void> {
    return this.#writePayload({ id: leasePointId, payload: { ...lease }, signal });
  }

  async #writePayload({
    id,
    payload,
    signal,
  }: CallOptions & { id: string; payload: Record<string, unknown> }): Promise<void> {
    const points = [{ id, vector: {}, payload }];
    await this.#write({ path: '/points', method: 'PUT', body: { points }, signal });
  }

  searchDense({ vector, limit, ...options }: DenseSearch): Promise<ScoredSection[]> {
    const using = this.#vectorName === '' ? {} : { using: this.#vectorName };
    const params = this.#isQuantised ? quantisedSearch : {};
    return this.#search({ body: { query: vector, ...using, limit, ...params }, ...options });
  }

  searchSparse({ vector, limit, ...options }: SparseSearch): Promise<ScoredSection[]> {
    return this.#search({ body: { query: vector, using: sparseName, limit }, ...options });
  }

  #search(search: Omit<SearchWithin, 'rest' | 'isFilterable'>): Promise<ScoredSection[]> {
    return searchWithin({ ...search, rest: this.#rest, isFilterable: this.#isFilterable });
  }
}

function toPoint({ section, dense, sparse }: PointToWrite): {
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
