import * as z from 'zod';
import type { EditionFilter, ScoredSection, SectionLookup } from '../../collection/ports.ts';
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

type SearchBody = {
  query: number[] | { indices: number[]; values: number[] };
  using?: string;
  limit: number;
  filter?: object;
  params?: object;
};

type Search = {
  rest: QdrantRest;
  body: SearchBody;
  lookup?: SectionLookup | undefined;
  signal: AbortSignal;
};

export type SearchWithin = Search & { within?: EditionFilter | undefined; isFilterable: boolean };

/**
 * Queries `points/query`. With `lookup`, only ids are requested, and if one is missing there, the query is repeated with
 * payloads. Empty points and the stamp are left out. Throws a ServerFailure.
 */
async function searchPoints({ rest, body, lookup, signal }: Search): Promise<ScoredSection[]> {
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

/** How many times as much is searched where the cluster cannot filter. */
const overfetch = 8;

/** As `searchPoints`, of some editions alone: filtered by the cluster where it is indexed for that, else here. */
export async function searchWithin({
  within,
  isFilterable,
  ...search
}: SearchWithin): Promise<ScoredSection[]> {
  if (within === undefined) return searchPoints(search);
  const { body } = search;
  const { versions, locales } = within;
  if (isFilterable) return searchPoints({ ...search, body: { ...body, filter: filterOf(within) } });
  const hits = await searchPoints({ ...search, body: { ...body, limit: body.limit * overfetch } });
  const isWithin = ({ section }: ScoredSection): boolean =>
    (versions?.includes(section.version) ?? true) && (locales?.includes(section.locale) ?? true);
  return hits.filter(isWithin).slice(0, body.limit);
}

function filterOf({ versions, locales }: EditionFilter): object {
  const conditions = [
    ['version', versions],
    ['locale', locales],
  ] as const;
  const must = conditions.flatMap(([key, any]) => (any === null ? [] : [{ key, match: { any: [...any] } }]));
  return { must };
}
