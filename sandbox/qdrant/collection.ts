import { wrongInput } from './errors.ts';
import type { PointId } from './points/filter-body.ts';
import { createRateLimiters, type RateLimiters } from './rate-limiter.ts';
import type { DenseParams, SparseParams, StrictMode } from './collection-requests.ts';
import type { SparseVectorBody, VectorsBody } from './requests.ts';

/** The vector's name in a collection without named vectors. */
export const unnamed = '';

export type StoredPoint = {
  id: PointId;
  version: number;
  dense: Map<string, number[]>;
  sparse: Map<string, SparseVectorBody>;
  payload: Record<string, unknown>;
};

/** `type`: keyword, integer, …; `params` where the request gave more than a type. */
export type PayloadIndex = { type: string; params?: Record<string, unknown> };

export type StoredCollection = {
  dense: Map<string, DenseParams>;
  sparse: Map<string, SparseParams>;
  strict: StrictMode;
  /** Payload indexes by field. */
  indexes: Map<string, PayloadIndex>;
  points: Map<PointId, StoredPoint>;
  /** Id of the last operation. */
  operations: number;
  /** Of strict mode. */
  rates: RateLimiters;
  /** Strict mode's cached count of points, and how often it was looked at. */
  size: { points: number; checks: number };
  /** Settings without an effect here, which are shown as they were given. */
  settings: CollectionSettings;
};
export type CollectionSettings = {
  params: Record<string, unknown>;
  hnsw: Record<string, unknown>;
  optimizers: Record<string, unknown>;
  wal: Record<string, unknown>;
  quantization: unknown;
};

/** An empty collection. */
export function createCollection(options: {
  vectors: DenseParams | Record<string, DenseParams> | null | undefined;
  sparse: Record<string, SparseParams> | null | undefined;
  strict: StrictMode;
  settings: CollectionSettings;
}): StoredCollection {
  const vectors = options.vectors ?? {};
  const dense = isDenseParams(vectors) ? [[unnamed, vectors] as const] : Object.entries(vectors);
  return {
    dense: new Map(dense),
    sparse: new Map(Object.entries(options.sparse ?? {})),
    strict: options.strict,
    indexes: new Map(),
    points: new Map(),
    operations: 0,
    rates: createRateLimiters(options.strict),
    size: { points: 0, checks: 1 },
    settings: options.settings,
  };
}

/** Converts a point of a request; throws when a vector does not fit the collection. */
export function storedPoint(
  collection: StoredCollection,
  options: { id: PointId; vector: VectorsBody; payload: Record<string, unknown> | null | undefined },
): StoredPoint {
  const vectors = Array.isArray(options.vector) ? { [unnamed]: options.vector } : options.vector;
  const dense = new Map<string, number[]>();
  const sparse = new Map<string, SparseVectorBody>();
  for (const [name, vector] of Object.entries(vectors)) {
    if (Array.isArray(vector)) dense.set(name, storedDense(collection, { name, vector }));
    else sparse.set(name, storedSparse(collection, { name, vector }));
  }
  return { id: options.id, version: collection.operations, dense, sparse, payload: options.payload ?? {} };
}

/** Sorts points in scroll order: integers first, then UUIDs. */
export function sortById(points: Iterable<StoredPoint>): StoredPoint[] {
  return [...points].sort((a, b) => compareIds(a.id, b.id));
}

/** Scroll order of two ids. */
export function compareIds(a: PointId, b: PointId): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'number') return -1;
  if (typeof b === 'number') return 1;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Throws 400 for a vector of another length. */
export function checkDimensions(params: DenseParams, vector: readonly number[]): void {
  if (vector.length !== params.size) {
    throw wrongInput(`Vector dimension error: expected dim: ${params.size}, got ${vector.length}`);
  }
}

/** Throws 400 for a vector of another length in an upsert, also where it is only queued. */
export function checkUpsertDimensions(collection: StoredCollection, vector: VectorsBody): void {
  const vectors = Array.isArray(vector) ? { [unnamed]: vector } : vector;
  for (const [name, values] of Object.entries(vectors)) {
    const params = collection.dense.get(name);
    if (params === undefined || !Array.isArray(values) || values.length === params.size) continue;
    const where = name === unnamed ? '' : ` for vector '${name}'`;
    throw wrongInput(`Vector dimension error: expected dim: ${params.size}, got ${values.length}${where}`);
  }
}

export const conversionError = (): Error =>
  wrongInput('Conversion between sparse and regular vectors failed');

/** Collections with cosine distance store and return unit vectors; one too large for 32 bits becomes NaN. */
export function normalised(vector: readonly number[]): number[] {
  const values = vector.map(Math.fround);
  const length = Math.hypot(...values);
  return length === 0 ? values : values.map((value) => Math.fround(value / length));
}

export const unknownVector = (name: string): Error => wrongInput(`Not existing vector name error: ${name}`);

function storedDense(
  collection: StoredCollection,
  { name, vector }: { name: string; vector: number[] },
): number[] {
  const params = collection.dense.get(name);
  if (params === undefined) throw collection.sparse.has(name) ? conversionError() : unknownVector(name);
  checkDimensions(params, vector);
  return params.distance === 'Cosine' ? normalised(vector) : vector.map(Math.fround);
}

function storedSparse(
  collection: StoredCollection,
  { name, vector }: { name: string; vector: SparseVectorBody },
): SparseVectorBody {
  if (!collection.sparse.has(name))
    throw collection.dense.has(name) ? conversionError() : unknownVector(name);
  const order = vector.indices
    .map((_, at) => at)
    .sort((a, b) => (vector.indices[a] ?? 0) - (vector.indices[b] ?? 0));
  return {
    indices: order.map((at) => vector.indices[at] ?? 0),
    values: order.map((at) => vector.values[at] ?? 0),
  };
}

function isDenseParams(vectors: DenseParams | Record<string, DenseParams>): vectors is DenseParams {
  return typeof vectors['size'] === 'number';
}
