import {
  checkDimensions,
  conversionError,
  sortById,
  normalised,
  unknownVector,
  unnamed,
  type StoredCollection,
  type StoredPoint,
} from '../collection.ts';
import { pointNotFound, wrongInput } from '../errors.ts';
import type { DenseParams } from '../collection-requests.ts';
import type { Prefetch, QueryValue, SparseVectorBody } from '../requests.ts';
import { matches } from './filter.ts';
import type { PointId } from './filter-body.ts';
import { orderPoints, type OrderBy } from './order-points.ts';

export type ScoredPoint = {
  point: StoredPoint;
  score: number;
  /** True where nothing was compared: the engine then answers version 0. */
  isUnscored?: boolean;
};

/** Qdrant's default rank constant for reciprocal rank fusion. */
const rankConstant = 2;
const defaultLimit = 10;

/**
 * Runs a query or a prefetch. Candidates are the results of its prefetches, if any, otherwise all points. `weights` of
 * `rrf` have an effect from 1.17 on.
 */
export function runQuery(
  collection: StoredCollection,
  request: Prefetch & { offset?: number | null | undefined },
  { weighted }: { weighted: boolean },
): ScoredPoint[] {
  const limit = request.limit ?? defaultLimit;
  const rankings = (request.prefetch ?? []).map((ranking) => runQuery(collection, ranking, { weighted }));
  const fusion = fusionOf(request.query);
  if (fusion !== null && rankings.length === 0)
    throw wrongInput('Validation failed: cannot apply Fusion without prefetches');
  const ranked =
    fusion === null
      ? rank(collection, { request, candidates: candidatesOf(collection, rankings) })
      : fuseRankings(rankings, weighted ? fusion : { ...fusion, weights: null });
  const passing = ranked.filter(({ point }) => matches(point, request.filter));
  const { score_threshold: threshold } = request;
  // The engine stops at the first that is below: after a score that is no number, there is nothing.
  const below = threshold == null ? -1 : passing.findIndex(({ score }) => !(score >= threshold));
  const hits = below === -1 ? passing : passing.slice(0, below);
  const offset = request.offset ?? 0;
  return hits.slice(offset, offset + limit);
}

type Fusion = { kind: 'rrf' | 'dbsf'; k: number; weights: readonly number[] | null };

function fusionOf(query: QueryValue | null | undefined): Fusion | null {
  if (typeof query !== 'object' || query === null || Array.isArray(query)) return null;
  if ('fusion' in query) return { kind: query.fusion as 'rrf' | 'dbsf', k: rankConstant, weights: null };
  if (!('rrf' in query)) return null;
  const rrf = query.rrf as { k?: number | null; weights?: number[] | null };
  return { kind: 'rrf', k: rrf.k ?? rankConstant, weights: rrf.weights ?? null };
}

function candidatesOf(collection: StoredCollection, rankings: ScoredPoint[][]): StoredPoint[] {
  if (rankings.length === 0) return [...collection.points.values()];
  return [...new Set(rankings.flat().map(({ point }) => point))];
}

function rank(
  collection: StoredCollection,
  { request, candidates }: { request: Prefetch; candidates: StoredPoint[] },
): ScoredPoint[] {
  const { query } = request;
  const using = request.using ?? unnamed;
  if (query === null || query === undefined) return unscored(sortById(candidates));
  if (typeof query === 'object' && !Array.isArray(query)) {
    if ('order_by' in query)
      return unscored(orderPoints(collection, { candidates, by: query.order_by as OrderBy }));
    if ('sample' in query) return unscored([...candidates].sort(() => Math.random() - 0.5));
    if ('nearest' in query)
      return nearest(collection, { candidates, using, target: query.nearest as QueryVector });
  }
  return nearest(collection, { candidates, using, target: query as QueryVector });
}

const unscored = (points: StoredPoint[]): ScoredPoint[] =>
  points.map((point) => ({ point, score: 1, isUnscored: true }));

type QueryVector = number[] | SparseVectorBody | PointId;

function nearest(
  collection: StoredCollection,
  { candidates, using, target }: { candidates: StoredPoint[]; using: string; target: QueryVector },
): ScoredPoint[] {
  if (typeof target === 'string' || typeof target === 'number') {
    const point = collection.points.get(target);
    if (point === undefined) throw pointNotFound(target);
    const vector = point.dense.get(using) ?? point.sparse.get(using);
    if (vector === undefined) throw unknownVector(using);
    const others = candidates.filter((candidate) => candidate !== point);
    return nearest(collection, { candidates: others, using, target: vector });
  }
  const params = collection.dense.get(using);
  if (params !== undefined) {
    if (!Array.isArray(target)) throw conversionError();
    return nearestDense({ candidates, using, params, vector: target });
  }
  if (!collection.sparse.has(using)) throw unknownVector(using);
  if (Array.isArray(target)) throw conversionError();
  return nearestSparse(collection, { candidates, using, vector: target });
}

function nearestDense(options: {
  candidates: StoredPoint[];
  using: string;
  params: DenseParams;
  vector: number[];
}): ScoredPoint[] {
  const { params, using } = options;
  checkDimensions(params, options.vector);
  const vector = params.distance === 'Cosine' ? normalised(options.vector) : options.vector;
  const ascending = params.distance === 'Euclid' || params.distance === 'Manhattan';
  const hits = options.candidates.flatMap((point) => {
    const own = point.dense.get(using);
    return own === undefined ? [] : [{ point, score: similarity[params.distance](vector, own) }];
  });
  return byScore(hits, ascending ? -1 : 1);
}

function nearestSparse(
  collection: StoredCollection,
  options: { candidates: StoredPoint[]; using: string; vector: SparseVectorBody },
): ScoredPoint[] {
  const idf = collection.sparse.get(options.using)?.modifier === 'idf';
  // An empty vector is not in the engine's index.
  const stored = [...collection.points.values()]
    .flatMap((point) => point.sparse.get(options.using) ?? [])
    .filter(({ indices }) => indices.length > 0);
  const weights = new Map<number, number>();
  options.vector.indices.forEach((index, at) => {
    const holders = idf ? stored.filter((vector) => vector.indices.includes(index)).length : 0;
    const factor = idf ? Math.log(1 + (stored.length - holders + 0.5) / (holders + 0.5)) : 1;
    weights.set(index, (options.vector.values[at] ?? 0) * factor);
  });
  const hits = options.candidates.flatMap((point) => {
    const own = point.sparse.get(options.using);
    if (own === undefined || !own.indices.some((index) => weights.has(index))) return [];
    const score = own.indices.reduce(
      (sum, index, at) => sum + (weights.get(index) ?? 0) * (own.values[at] ?? 0),
      0,
    );
    return [{ point, score }];
  });
  return byScore(hits, 1);
}

/**
 * RRF adds 1 / (k + rank), with ranks from 0; with weights 1 / ((rank + 1) / weight + k - 1), which is the same for a
 * weight of 1. DBSF normalises scores by mean and three standard deviations, then adds them.
 */
function fuseRankings(rankings: ScoredPoint[][], { kind, k, weights }: Fusion): ScoredPoint[] {
  if (weights !== null && weights.length !== rankings.length) {
    throw wrongInput(
      `Number of weights in RRF should match number of pre-fetches: got ${weights.length}, expected ${rankings.length}`,
    );
  }
  const sums = new Map<StoredPoint, number>();
  rankings.forEach((ranking, index) => {
    const weight = weights?.[index] ?? 1;
    const scores = ranking.map(({ score }) => score);
    const mean = scores.reduce((a, b) => a + b, 0) / (scores.length || 1);
    const deviation = Math.sqrt(scores.reduce((a, b) => a + (b - mean) ** 2, 0) / (scores.length - 1 || 1));
    ranking.forEach(({ point, score }, position) => {
      const spread = deviation === 0 ? 0.5 : (score - mean + 3 * deviation) / (6 * deviation);
      const gain = kind === 'dbsf' ? spread : weight === 0 ? 0 : 1 / ((position + 1) / weight + k - 1);
      sums.set(point, (sums.get(point) ?? 0) + gain);
    });
  });
  return byScore(
    [...sums].map(([point, score]) => ({ point, score })),
    1,
  );
}

/** Best first; what is no number comes first, and ties are in no order that a client could rely on. */
const byScore = (hits: ScoredPoint[], sign: 1 | -1): ScoredPoint[] =>
  hits
    .map((hit) => ({ ...hit, score: Math.fround(hit.score) }))
    .sort(
      (a, b) =>
        Number(Number.isNaN(b.score)) - Number(Number.isNaN(a.score)) ||
        sign * (b.score - a.score) ||
        scatter(b.point.id) - scatter(a.point.id),
    );

/** A number without a relation to the id's order. */
function scatter(id: PointId): number {
  let hash = 1;
  for (const character of String(id)) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01_00_01_93);
  return hash >>> 0;
}

const dot = (a: readonly number[], b: readonly number[]): number => {
  let sum = 0;
  for (let at = 0; at < a.length; at += 1) sum += (a[at] ?? 0) * (b[at] ?? 0);
  return sum;
};
const similarity: Record<DenseParams['distance'], (a: readonly number[], b: readonly number[]) => number> = {
  Cosine: dot,
  Dot: dot,
  Euclid: (a, b) => Math.hypot(...a.map((value, at) => value - (b[at] ?? 0))),
  Manhattan: (a, b) => a.reduce((sum, value, at) => sum + Math.abs(value - (b[at] ?? 0)), 0),
};
