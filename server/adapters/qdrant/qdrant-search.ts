import { z } from 'zod';
import type { ScoredSection } from '../../collection/ports.ts';
import type { Section } from '../../collection/section.ts';
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

/** The sections that the caller holds already, by id. */
export type SectionLookup = ((id: string) => Section | undefined) | undefined;

/**
 * One question to `points/query`. With `known` no text travels, unless an id is unknown: then it is asked again with
 * texts. Empty and stamp points are left out. Throws a Failure.
 */
export async function searchPoints({
  rest,
  body,
  known,
  signal,
}: {
  rest: QdrantRest;
  body: SearchBody;
  known?: SectionLookup;
  signal: AbortSignal;
}): Promise<ScoredSection[]> {
  const ask = async (withPayload: boolean): Promise<z.infer<typeof searchResponse>['result']['points']> => {
    const asked = { ...body, with_payload: withPayload, with_vector: false };
    return (await rest({ path: '/points/query', body: asked, schema: searchResponse, signal })).result.points;
  };
  if (known !== undefined) {
    const points = await ask(false);
    const hits = points.flatMap(({ id, score }) => {
      const section = known(String(id));
      return section === undefined ? [] : [{ section, score }];
    });
    if (hits.length === points.length) return hits;
  }
  const points = await ask(true);
  return points.flatMap(({ id, score, payload }, position) => {
    const section = sectionFromPoint({ id, payload, position });
    return section === null ? [] : [{ section, score }];
  });
}
