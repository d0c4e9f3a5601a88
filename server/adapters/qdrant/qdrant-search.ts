import { z } from 'zod';
import type { ScoredSection, SectionLookup } from '../../collection/ports.ts';
import { sectionFromPoint } from './qdrant-payload.ts';
import type { QdrantRest } from './qdrant-rest.ts';

const searchResponse = z.looseObject({
  result: z.looseObject({
    points: z.array(
      z.looseObject({
        id: z.union([z.string(), z.number()]),
        score: z.number(),
        payload: z.record(z.string(), z.unknown()).nullish(),
      }),
    ),
  }),
});

export type SearchBody = {
  query: number[] | { indices: number[]; values: number[] };
  using?: string;
  limit: number;
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
  const query = async (withPayload: boolean): Promise<z.infer<typeof searchResponse>['result']['points']> => {
    const request = { ...body, with_payload: withPayload, with_vector: false };
    const response = await rest({ path: '/points/query', body: request, schema: searchResponse, signal });
    return response.result.points;
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
