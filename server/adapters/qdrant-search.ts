import { z } from 'zod';
import { Failure } from '../failure.ts';
import type { ScoredSection } from '../index/ports.ts';
import type { Section } from '../index/section.ts';
import { askOnce, type KeepAlive } from './keep-alive.ts';
import { qdrantFailure, qdrantUnreachable } from './qdrant-failure.ts';
import { sectionOf } from './qdrant-payload.ts';

const answer = z.looseObject({
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
export type KnownSections = ((id: string) => Section | undefined) | undefined;

type Asked = {
  endpoint: string;
  apiKey: string | null;
  collection: string;
  body: SearchBody;
  keepAlive: KeepAlive;
  signal: AbortSignal;
};

/**
 * One question to `points/query`, by plain REST: the client package takes no AbortSignal, and here every
 * millisecond is a reader's. With `known` no text travels, unless an id is unknown: then it is asked again with
 * texts. Empty and stamp points are left out. Throws a Failure.
 */
export async function searchPoints({
  known,
  ...asked
}: Asked & { known?: KnownSections }): Promise<ScoredSection[]> {
  if (known !== undefined) {
    const points = await queryPoints(asked, { withPayload: false });
    const hits = points.flatMap(({ id, score }) => {
      const section = known(String(id));
      return section === undefined ? [] : [{ section, score }];
    });
    if (hits.length === points.length) return hits;
  }
  const points = await queryPoints(asked, { withPayload: true });
  return points.flatMap(({ id, score, payload }, position) => {
    const section = sectionOf({ id, payload, position });
    return section === null ? [] : [{ section, score }];
  });
}

async function queryPoints(
  { endpoint, apiKey, collection, body, keepAlive, signal }: Asked,
  { withPayload }: { withPayload: boolean },
): Promise<z.infer<typeof answer>['result']['points']> {
  const { status, headers, text } = await askOnce(keepAlive, {
    url: `${endpoint}/collections/${encodeURIComponent(collection)}/points/query`,
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(apiKey === null ? {} : { 'api-key': apiKey }) },
    body: JSON.stringify({ ...body, with_payload: withPayload, with_vector: false }),
    signal,
  }).catch((cause: unknown): never => {
    signal.throwIfAborted();
    throw qdrantUnreachable(cause);
  });
  if (status !== 200)
    throw qdrantFailure({ status, body: text, collection, retryAfter: headers['retry-after'] ?? null });
  const parsed = answer.safeParse(jsonOrNull(text));
  if (!parsed.success) throw unreadable(parsed.error);
  return parsed.data.result.points;
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** For an answer with a good status and a body that is none of Qdrant's. */
export function unreadable(cause: unknown): Failure {
  return new Failure({
    code: 'qdrant-unreadable',
    message: 'What answers at QDRANT_URL is not Qdrant.',
    remedy: "Copy the cluster's endpoint from the Qdrant Cloud console into QDRANT_URL.",
    cause,
  });
}
