import { z } from 'zod';
import { overloaded, quotaExceeded } from './errors.ts';

const endings = [
  'error-chunk',
  'raw-error-chunk',
  'cut',
  'hang',
  'safety',
  'recitation',
  'max-tokens',
  'blocked',
  'rubbish',
] as const;
const script = z
  .looseObject({
    pieces: z.array(z.string()),
    /** Pause before every piece, milliseconds. */
    delayMs: z.number().min(0).default(0),
    /** What follows the last piece, where it is not a plain STOP; `then` is read too. */
    ending: z.enum(endings).optional(),
    times: z.number().int().min(1).default(1),
  })
  .transform(({ pieces, delayMs, times, ending, ...rest }) => ({
    pieces,
    delayMs,
    times,
    ending: ending ?? z.enum(endings).optional().parse(rest['then']),
  }));
export type AnswerScript = z.output<typeof script>;

const quota = z.object({
  per: z.enum(['Minute', 'Day']).default('Minute'),
  /** Requests that are still answered. */
  left: z.number().int().min(0),
  limit: z.number().int().default(10),
  /** Null leaves RetryInfo out. */
  retryDelaySeconds: z.number().nullable().default(26),
});
type Quota = z.output<typeof quota>;

const keyState = z.enum(['valid', 'expired', 'not-found']);
type KeyState = z.output<typeof keyState>;

/** All that the stand-in remembers and all that a test may turn. */
export type GeminiState = {
  /** Models that are listed and answer 404. */
  retired: Set<string>;
  /** Pause before each piece of an answer that is not scripted, milliseconds. */
  paceMs: number;
  /** Thinking tokens of a model that is told nothing about thinking. */
  thinkingTokens: number;
  scripts: AnswerScript[];
  quotas: { generate_content: Quota | null; embed_content: Quota | null };
  /** Calls that still end in 503. */
  overloaded: number;
  /** What became of the one good key. */
  key: KeyState;
  /** Further keys, and what became of them. */
  keys: Map<string, KeyState>;
  /** What a standard key (`AIza…`) gets. */
  standardKeys: 'unsupported' | 'invalid';
  streams: { open: number; aborted: number; finished: number };
};

export const createGeminiState = (): GeminiState => ({
  retired: new Set(['gemini-2.5-flash']),
  paceMs: 4,
  thinkingTokens: 96,
  scripts: [],
  quotas: { generate_content: null, embed_content: null },
  overloaded: 0,
  key: 'valid',
  keys: new Map(),
  standardKeys: 'unsupported',
  streams: { open: 0, aborted: 0, finished: 0 },
});

export function geminiControls(world: GeminiState): Record<string, (value: unknown) => void> {
  return {
    gone: (value) => (world.retired = new Set(z.array(z.string()).parse(value))),
    paceMs: (value) => (world.paceMs = z.number().min(0).parse(value)),
    thinkingTokens: (value) => (world.thinkingTokens = z.number().min(0).parse(value)),
    /** One script, a list of them to be played in order, or null to play none. */
    script: (value) => {
      world.scripts = z
        .union([z.array(script), script.transform((one) => [one]), z.null().transform(() => [])])
        .parse(value);
    },
    quota: (value) => (world.quotas.generate_content = quota.nullable().parse(value)),
    embedQuota: (value) => (world.quotas.embed_content = quota.nullable().parse(value)),
    overloaded: (value) => (world.overloaded = z.number().int().min(0).parse(value)),
    key: (value) => (world.key = keyState.parse(value)),
    keys: (value) => {
      for (const [key, state] of Object.entries(z.record(z.string(), keyState).parse(value)))
        world.keys.set(key, state);
    },
    standardKeys: (value) => (world.standardKeys = z.enum(['unsupported', 'invalid']).parse(value)),
  };
}

/** The script for the next answer, counted down; null where the answer is composed. */
export function takeScript(world: GeminiState): AnswerScript | null {
  const [first] = world.scripts;
  if (first === undefined) return null;
  first.times -= 1;
  if (first.times <= 0) world.scripts.shift();
  return first;
}

/** Counts a request; throws 503 or 429 where the knobs say so. Each item of a batch counts as one request. */
export function countRequest(
  world: GeminiState,
  {
    metric,
    model,
    requests,
  }: { metric: 'generate_content' | 'embed_content'; model: string; requests: number },
): void {
  if (world.overloaded > 0) {
    world.overloaded -= 1;
    throw overloaded();
  }
  const limit = world.quotas[metric];
  if (limit === null) return;
  if (limit.left < requests) throw quotaExceeded({ ...limit, metric, model });
  limit.left -= requests;
}
