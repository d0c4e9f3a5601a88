import { unnamed, type StoredPoint } from './collection.ts';
import type { WithPayload, WithVector } from './requests.ts';
import type { ScoredPoint } from './run-query.ts';

type PointSelection = {
  with_payload?: WithPayload;
  with_vector?: WithVector;
  with_vectors?: WithVector;
};

/** A search result with the parts that the request selects. */
export const scoredPointView = ({ point, score }: ScoredPoint, selection: PointSelection): object => ({
  id: point.id,
  version: point.version,
  score,
  ...selectedParts(point, selection),
});

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
  const exclude = Array.isArray(selection) ? [] : (selection.exclude ?? []);
  const top = (path: string): string => path.split('.')[0] ?? path;
  return Object.fromEntries(
    Object.entries(payload).filter(
      ([key]) => (include == null || include.map(top).includes(key)) && !exclude.includes(key),
    ),
  );
}

function selectedVectors(point: StoredPoint, selection: WithVector): unknown {
  if (selection == null || selection === false) return undefined;
  const plain = point.dense.get(unnamed);
  if (plain !== undefined && selection === true && point.sparse.size === 0) return plain;
  const all = [...point.dense, ...point.sparse];
  return Object.fromEntries(selection === true ? all : all.filter(([name]) => selection.includes(name)));
}
