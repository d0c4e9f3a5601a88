import { validationError, wrongInput } from './errors.ts';
import type { PointId } from './filter-body.ts';
import type { DenseParams, SparseParams, SparseVectorBody, StrictMode, VectorsBody } from './requests.ts';

/** The vector's name in a collection without named vectors. */
export const unnamed = '';

export type StoredPoint = {
  id: PointId;
  version: number;
  dense: Map<string, number[]>;
  sparse: Map<string, SparseVectorBody>;
  payload: Record<string, unknown>;
};

export type StoredCollection = {
  dense: Map<string, DenseParams>;
  sparse: Map<string, SparseParams>;
  strict: StrictMode;
  /** Payload indexes by field: keyword, integer, … */
  indexes: Map<string, string>;
  points: Map<PointId, StoredPoint>;
  operations: number;
};

/** An empty collection. */
export function createCollection(options: {
  vectors: DenseParams | Record<string, DenseParams> | null | undefined;
  sparse: Record<string, SparseParams> | null | undefined;
  strict: StrictMode;
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

/** Throws 422 for an invalid sparse vector. */
export function checkSparse(vector: SparseVectorBody): void {
  if (vector.indices.length !== vector.values.length) {
    throw validationError('values: must be the same length as indices');
  }
  if (new Set(vector.indices).size !== vector.indices.length)
    throw validationError('indices: must be unique');
}

/** Collections with cosine distance store and return unit vectors. */
export function normalised(vector: readonly number[]): number[] {
  const length = Math.hypot(...vector);
  return length === 0 ? [...vector] : vector.map((value) => value / length);
}

function storedDense(
  collection: StoredCollection,
  { name, vector }: { name: string; vector: number[] },
): number[] {
  const params = collection.dense.get(name);
  if (params === undefined) throw wrongInput(`Not existing vector name error: ${name}`);
  checkDimensions(params, vector);
  return params.distance === 'Cosine' ? normalised(vector) : vector;
}

function storedSparse(
  collection: StoredCollection,
  { name, vector }: { name: string; vector: SparseVectorBody },
): SparseVectorBody {
  if (!collection.sparse.has(name)) throw wrongInput(`Not existing vector name error: ${name}`);
  checkSparse(vector);
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
