import * as z from 'zod';
import { creditsDepleted, overloaded, quotaExceeded } from './errors.ts';

const endings = [
  'error-chunk',
  'raw-error-chunk',
  'cut',
  'hang',
  'safety',
  'recitation',
  'other',
  'language',
  'max-tokens',
  'blocked',
  'rubbish',
] as const;
const script = z
  .looseObject({
    pieces: z.array(z.string()),
    /** Delay before every piece, in milliseconds. */
    delayMs: z.number().min(0).default(0),
    /** How the answer ends, if not with STOP; `then` is an alias. */
    ending: z.enum(endings).optional(),
    times: z.number().int().min(1).default(1),
    /** Goes on beyond `maxOutputTokens`, as a model that does not keep to it. */
    unlimited: z.boolean().default(false),
  })
  .transform(({ pieces, delayMs, times, unlimited, ending, ...rest }) => ({
    pieces,
    delayMs,
    times,
    unlimited,
    ending: ending ?? z.enum(endings).optional().parse(rest['then']),
  }));
export type AnswerScript = z.output<typeof script>;

const quota = z.object({
  per: z.enum(['Minute', 'Day']).default('Minute'),
  /** Remaining requests. */
  left: z.number().int().min(0),
  limit: z.number().int().default(10),
  /** The model whose quota it is; without one, each model's. Google counts per project and model. */
  model: z.string().optional(),
  /** Null omits RetryInfo. */
  retryDelaySeconds: z.number().nullable().default(26),
});
type Quota = z.output<typeof quota>;

const keyState = z.enum(['valid', 'expired', 'not-found', 'suspended']);
type KeyState = z.output<typeof keyState>;

/** The stand-in's state, and what tests can set. */
export type GeminiState = {
  /** Models that are listed but answer 404. */
  retired: Set<string>;
  /** Models that refuse every setting for thinking. */
  noThinking: Set<string>;
  /** Delay before each piece of a composed answer, in milliseconds. */
  paceMs: number;
  /** Thinking tokens when the request does not configure thinking. */
  thinkingTokens: number;
  scripts: AnswerScript[];
  quotas: { generate_content: Quota | null; embed_content: Quota | null };
  /** True when the project's prepaid credits are used up. */
  noCredits: boolean;
  /** Remaining calls that get 503. */
  overloaded: number;
  /** The state of the sandbox's key. */
  key: KeyState;
  /** Further keys and their state. */
  keys: Map<string, KeyState>;
  /** How standard keys (`AIza…`) are rejected. */
  standardKeys: 'unsupported' | 'invalid';
  streams: { open: number; aborted: number; finished: number };
};

/** The initial state. */
export const createGeminiState = (): GeminiState => ({
  retired: new Set(['gemini-2.5-flash']),
  noThinking: new Set(),
  paceMs: 4,
  thinkingTokens: 96,
  scripts: [],
  quotas: { generate_content: null, embed_content: null },
  noCredits: false,
  overloaded: 0,
  key: 'valid',
  keys: new Map(),
  standardKeys: 'unsupported',
  streams: { open: 0, aborted: 0, finished: 0 },
});

/** What tests can set, by name. */
export function geminiControls(state: GeminiState): Record<string, (value: unknown) => void> {
  return {
    gone: (value) => (state.retired = new Set(z.array(z.string()).parse(value))),
    noThinking: (value) => (state.noThinking = new Set(z.array(z.string()).parse(value))),
    paceMs: (value) => (state.paceMs = z.number().min(0).parse(value)),
    thinkingTokens: (value) => (state.thinkingTokens = z.number().min(0).parse(value)),
    /** A script, a list of scripts to play in order, or null for none. */
    script: (value) => {
      state.scripts = z
        .union([z.array(script), script.transform((single) => [single]), z.null().transform(() => [])])
        .parse(value);
    },
    quota: (value) => (state.quotas.generate_content = quota.nullable().parse(value)),
    embedQuota: (value) => (state.quotas.embed_content = quota.nullable().parse(value)),
    noCredits: (value) => (state.noCredits = z.boolean().parse(value)),
    overloaded: (value) => (state.overloaded = z.number().int().min(0).parse(value)),
    key: (value) => (state.key = keyState.parse(value)),
    keys: (value) => {
      for (const [key, keyStatus] of Object.entries(z.record(z.string(), keyState).parse(value)))
        state.keys.set(key, keyStatus);
    },
    standardKeys: (value) => (state.standardKeys = z.enum(['unsupported', 'invalid']).parse(value)),
  };
}

/** The script for the next answer, counted down; null when the answer is to be composed. */
export function takeScript(state: GeminiState): AnswerScript | null {
  const [first] = state.scripts;
  if (first === undefined) return null;
  first.times -= 1;
  if (first.times <= 0) state.scripts.shift();
  return first;
}

/** Counts a request; throws 503 or 429 when a control demands it. Each item of a batch counts as a request. */
export function countRequest(
  state: GeminiState,
  {
    metric,
    model,
    requests,
  }: { metric: 'generate_content' | 'embed_content'; model: string; requests: number },
): void {
  if (state.overloaded > 0) {
    state.overloaded -= 1;
    throw overloaded();
  }
  if (state.noCredits) throw creditsDepleted();
  const limit = state.quotas[metric];
  if (limit === null || (limit.model !== undefined && limit.model !== model)) return;
  if (limit.left < requests) throw quotaExceeded({ ...limit, metric, model });
  limit.left -= requests;
}
