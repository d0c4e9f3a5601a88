import { z } from 'zod';
import type { ScoredSection, SectionLookup } from '../../collection/ports.ts';
import { sectionFromPoint } from './qdrant-payload.ts';
import type { QdrantRest } from './qdrant-rest.ts';
import { withinLimit } from './within-limit.ts';

const searchResponse = z.looseObject({
  result: z.looseObject({
    points: z.array(
      z.looseObject({
        id: z.union([z.string(), z.number()]),
        // Null for a vector that overflows 32 bits (seen on 1.19.0).
        score: z.number().nullable(),
        payload: z.record(z.string(), z.unknown()).nullish(),
      }),
    ),
  }),
});

type SearchHit = {
  id: string | number;
  score: number;
  payload?: Record<string, unknown> | null | undefined;
};

export type SearchBody = {
  query: number[] | { indices: number[]; values: number[] };
  using?: string;
  limit: number;
  params?: object;
};

/**
 * Queries `points/query`. With `lookup`, only ids are requested, and if one is missing there, the query is repeated with
 * payloads. Empty points and the stamp are left out. Throws a ServerFailure.
 */
export async function searchPoints({
  rest,
  body,
  lookup,
  signal,
}: {
  rest: QdrantRest;
  body: SearchBody;
  lookup?: SectionLookup | undefined;
  signal: AbortSignal;
}): Promise<ScoredSection[]> {
  const query = async (withPayload: boolean): Promise<SearchHit[]> => {
    const parts = { with_payload: withPayload, with_vector: false };
    const { result: response } = await withinLimit(body.limit, (limit) =>
      rest({ path: '/points/query', body: { ...body, ...parts, limit }, schema: searchResponse, signal }),
    );
    return response.result.points.flatMap(({ score, ...point }) =>
      score === null ? [] : [{ ...point, score }],
    );
  };
  if (lookup !== undefined) {
    const points = await query(false);
    const hits = points.flatMap(({ id, score }) => {
      const section = lookup(String(id));
      return section === undefined ? [] : [{ section, score }];
    });
    if (hits.length === points.length) return hits;
  }
  const points = await query(true);
  return points.flatMap(({ id, score, payload }, position) => {
    const section = sectionFromPoint({ id, payload, position });
    return section === null ? [] : [{ section, score }];
  });
}
