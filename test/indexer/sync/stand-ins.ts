import { normalise } from '../../../server/collection/embedding.ts';
import { leasePointId, type Lease } from '../../../server/collection/lease.ts';
import type {
  CollectionState,
  Embedder,
  PassageStore,
  PointToWrite,
} from '../../../server/collection/ports.ts';
import type { Section } from '../../../server/collection/section.ts';
import { stampPointId, type Stamp } from '../../../server/collection/stamp.ts';
import { ServerFailure } from '../../../server/failure.ts';

/** Embeds by letter counts; `embedded` lists every text. */
export function embedderStandIn({ model = 'gemini-embedding-2', dimensions = 8 } = {}) {
  const embedded: string[] = [];
  const failures: (ServerFailure | null)[] = [];
  const vectorOf = (text: string): number[] => {
    const counts = Array.from({ length: dimensions }, () => 1);
    for (let index = 0; index < text.length; index++) counts[text.charCodeAt(index) % dimensions]! += 1;
    return normalise(counts);
  };
  const embedder: Embedder = {
    model,
    dimensions,
    embedQuery: async ({ text }) => vectorOf(text),
    async embedDocuments({ documents, signal }) {
      signal.throwIfAborted();
      const failure = failures.shift();
      if (failure) throw failure;
      embedded.push(...documents.map(({ text }) => text));
      return documents.map(({ text }) => vectorOf(text));
    },
  };
  return { embedder, embedded, /** Thrown by the next calls, in order; null lets one pass. */ failures };
}

/** A collection in memory. `log` lists the writes; `hooks.beforeWrite` may throw to interrupt a run. */
export function storeStandIn() {
  const points = new Map<string, PointToWrite>();
  const log: string[] = [];
  const collection = {
    exists: false,
    dimensions: 8,
    vectorName: 'dense',
    hasSparse: true,
    stamp: null as Stamp | null,
    lease: null as Lease | null,
  };
  const hooks = { beforeWrite: (_name: string): void => undefined };
  const write = (name: string): void => {
    hooks.beforeWrite(name);
    log.push(name);
  };
  const store: PassageStore = {
    collection: 'book',
    describe: async (): Promise<CollectionState> =>
      collection.exists
        ? { ...collection, exists: true, points: points.size + (collection.stamp ? 1 : 0) }
        : { exists: false },
    async create({ dimensions }) {
      write('create');
      Object.assign(collection, { exists: true, dimensions });
    },
    async *sections() {
      for (const { section } of points.values()) yield section;
    },
    sectionsById: async ({ ids }) => ids.flatMap((id) => points.get(id)?.section ?? []),
    async *hashes() {
      for (const [id, { section, dense }] of points)
        yield { id, hash: section.hash, hasDense: dense !== null, isWhole: true };
    },
    async upsert({ points: added }) {
      write('upsert');
      for (const point of added) points.set(point.section.id, point);
    },
    async updatePayloads({ sections }: { sections: readonly Section[] }) {
      write('update');
      for (const section of sections) points.set(section.id, { ...points.get(section.id)!, section });
    },
    async remove({ ids }) {
      if (ids[0] !== leasePointId) write('remove');
      for (const id of ids) if (id === stampPointId) collection.stamp = null;
      for (const id of ids) if (id === leasePointId) collection.lease = null;
      for (const id of ids) points.delete(id);
    },
    async writeStamp({ stamp }) {
      write('stamp');
      collection.stamp = stamp;
    },
    readLease: async () => collection.lease,
    async writeLease({ lease }) {
      collection.lease = lease;
    },
    searchDense: async () => [],
    searchSparse: async () => [],
  };
  return { store, points, log, collection, hooks };
}

/** A Failure of Gemini's, as the embedder throws it. */
export function geminiFailure(
  code: 'gemini-quota-minute' | 'gemini-quota-day' | 'gemini-unavailable',
  retryAfterMs?: number,
) {
  return new ServerFailure({
    code,
    message: code,
    remedy: '',
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}
