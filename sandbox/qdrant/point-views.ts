import { unnamed, type StoredPoint } from './collection.ts';
import type { WithPayload, WithVector } from './requests.ts';
import type { ScoredPoint } from './run-query.ts';

type PointSelection = {
  with_payload?: WithPayload;
  with_vector?: WithVector;
  with_vectors?: WithVector;
};

/** A hit of a search, with what the request selects of it. */
export const scoredPointView = ({ point, score }: ScoredPoint, selection: PointSelection): object => ({
  id: point.id,
  version: point.version,
  score,
  ...selectedParts(point, selection),
});

/** A stored point, with what the request selects of it. */
export const pointView = (point: StoredPoint, selection: PointSelection): object => ({
  id: point.id,
  ...selectedParts(point, selection),
});

function selectedParts(point: StoredPoint, selection: PointSelection): object {
  const payload = selectedPayload(point.payload, selection.with_payload);
  const vector = selectedVectors(point, selection.with_vector ?? selection.with_vectors);
  return { ...(payload === undefined ? {} : { payload }), ...(vector === undefined ? {} : { vector }) };
}

function selectedPayload(payload: Record<string, unknown>, wanted: WithPayload): object | undefined {
  if (wanted == null || wanted === false) return undefined;
  if (wanted === true) return payload;
  const include = Array.isArray(wanted) ? wanted : wanted.include;
  const exclude = Array.isArray(wanted) ? [] : (wanted.exclude ?? []);
  const top = (path: string): string => path.split('.')[0] ?? path;
  return Object.fromEntries(
    Object.entries(payload).filter(
      ([key]) => (include == null || include.map(top).includes(key)) && !exclude.includes(key),
    ),
  );
}

function selectedVectors(point: StoredPoint, wanted: WithVector): unknown {
  if (wanted == null || wanted === false) return undefined;
  const plain = point.dense.get(unnamed);
  if (plain !== undefined && wanted === true && point.sparse.size === 0) return plain;
  const all = [...point.dense, ...point.sparse];
  return Object.fromEntries(wanted === true ? all : all.filter(([name]) => wanted.includes(name)));
}
