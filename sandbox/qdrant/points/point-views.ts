import { unnamed, type StoredPoint } from '../collection.ts';
import type { WithPayload, WithVector } from '../requests.ts';
import { pickPaths } from './payload-path.ts';
import type { ScoredPoint } from './run-query.ts';

type PointSelection = {
  with_payload?: WithPayload;
  with_vector?: WithVector;
  with_vectors?: WithVector;
};

/** A search result with the parts that the request selects. */
export const scoredPointView = (
  { point, score, isUnscored }: ScoredPoint,
  selection: PointSelection,
): object => ({
  id: point.id,
  version: isUnscored === true ? 0 : point.version,
  score: shortest(score),
  ...selectedParts(point, selection),
});

/** A number of 32 bits in as few digits as the engine writes. */
function shortest(value: number): number {
  for (let digits = 6; digits < 9; digits += 1) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return Number(value.toPrecision(9));
}

/** A stored point with the parts that the request selects. */
export const pointView = (point: StoredPoint, selection: PointSelection): object => ({
  id: point.id,
  ...selectedParts(point, selection),
});

function selectedParts(point: StoredPoint, selection: PointSelection): object {
  const payload = selectedPayload(point.payload, selection.with_payload);
  const vector = selectedVectors(point, selection.with_vector ?? selection.with_vectors);
  return { ...(payload === undefined ? {} : { payload }), ...(vector === undefined ? {} : { vector }) };
}

function selectedPayload(payload: Record<string, unknown>, selection: WithPayload): object | undefined {
  if (selection == null || selection === false) return undefined;
  if (selection === true) return payload;
  const include = Array.isArray(selection) ? selection : selection.include;
  const included = include == null ? payload : pickPaths(payload, include, { keep: true });
  const exclude = Array.isArray(selection) ? [] : (selection.exclude ?? []);
  return exclude.length === 0 ? included : pickPaths(included, exclude, { keep: false });
}

function selectedVectors(point: StoredPoint, selection: WithVector): unknown {
  if (selection == null || selection === false) return undefined;
  const plain = point.dense.get(unnamed);
  if (plain !== undefined && selection === true && point.sparse.size === 0) return plain;
  const all = [...point.dense, ...point.sparse];
  return Object.fromEntries(selection === true ? all : all.filter(([name]) => selection.includes(name)));
}
