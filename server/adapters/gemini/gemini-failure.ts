import * as z from 'zod';
import { ServerFailure } from '../../failure.ts';

const errorBody = z.looseObject({
  error: z.looseObject({
    code: z.number().optional(),
    message: z.string().default(''),
    status: z.string().default(''),
    details: z.array(z.looseObject({})).default([]),
  }),
});

const quotaViolations = z.looseObject({
  violations: z.array(z.looseObject({ quotaId: z.string().default('') })),
});

/** JSON of proto3 leaves a zero out, so only the message names a quota of zero. */
const limitOfZero = /\blimit: ?0(?![\d.])/;

/** The parts of Google's error model that identify the cause. */
export type GeminiError = { status: number; message: string; details: readonly Record<string, unknown>[] };

/** Reads Google's error from a response body, or from the array that a stream without SSE sends. */
export function readGeminiError(status: number, body: string): GeminiError {
  try {
    const json: unknown = JSON.parse(body);
    const parsed = errorBody.parse(Array.isArray(json) ? json[0] : json);
    return {
      status: parsed.error.code ?? status,
      message: parsed.error.message,
      details: parsed.error.details,
    };
  } catch {
    return { status, message: body.slice(0, 300), details: [] };
  }
}

/**
 * Converts an error of the Gemini API to a ServerFailure. An invalid key is usually a 400 with reason API_KEY_INVALID, rarely
 * a 401 or 403; a quota whose id contains `PerDay` does not recover within minutes (ai.google.dev, error model).
 */
export function geminiFailure(error: GeminiError, { model }: { model: string }): ServerFailure {
  const cause = new Error(`Gemini answered ${error.status}: ${error.message.slice(0, 300)}`);
  const condition = accountFailure(error, cause);
  if (condition !== null) return condition;
  if (isKeyRejected(error))
    return new ServerFailure({
      code: 'gemini-key-rejected',
      message: 'Gemini rejects the API key.',
      remedy:
        'Create a new key in Google AI Studio and set GEMINI_API_KEY: npx rag-space-setup rotate GEMINI_API_KEY',
      cause,
    });
  if (error.status === 429) return lastingQuotaFailure(error, model, cause) ?? quotaFailure(error, cause);
  if (error.status === 404)
    return new ServerFailure({
      code: 'gemini-model-missing',
      message: `The model ${model} is not available to this Gemini key.`,
      remedy: 'Set GEMINI_MODEL or GEMINI_EMBEDDING_MODEL to a model that Google AI Studio lists.',
      cause,
    });
  if (error.status === 400)
    return new ServerFailure({
      code: 'gemini-request-refused',
      message: `Gemini rejected the request for the model ${model}.`,
      remedy: 'Check that the model in the settings takes this kind of request.',
      cause,
    });
  return new ServerFailure({
    code: 'gemini-unavailable',
    message: `Gemini responded with status ${error.status}.`,
    remedy: 'Wait a minute and ask again.',
    cause,
  });
}

/** What no other key of the project and no other model changes; null for any other error. */
function accountFailure({ status, message, details }: GeminiError, cause: Error): ServerFailure | null {
  const reasons = details.map((detail) => detail['reason']);
  if (reasons.includes('CONSUMER_SUSPENDED') || /\bsuspended\b|\bdenied access\b/i.test(message))
    return new ServerFailure({
      code: 'gemini-project-suspended',
      message: 'Google has suspended the project of the Gemini key.',
      remedy: 'Appeal in its Cloud console, or set GEMINI_API_KEY to a key of another project.',
      cause,
    });
  if (/location is not supported/i.test(message))
    return new ServerFailure({
      code: 'gemini-location',
      message: 'Gemini’s free tier is not offered where this server is.',
      remedy: 'Turn on billing for the key’s project in Google AI Studio.',
      cause,
    });
  if (status === 403 && (reasons.some(isRestriction) || /^Requests (?:from|to) .* are blocked/.test(message)))
    return new ServerFailure({
      code: 'gemini-key-restricted',
      message: 'The Gemini key is restricted to other apps, addresses or services than this server.',
      remedy: `Lift its restrictions in its Cloud console (Credentials), or set GEMINI_API_KEY to a key without: npx rag-space-setup rotate GEMINI_API_KEY`,
      cause,
    });
  if (status === 503 && /overloaded|high demand|capacity/i.test(message))
    return new ServerFailure({
      code: 'gemini-overloaded',
      message: 'Gemini has more requests for this model than it can answer.',
      remedy:
        'It passes by itself; until then answers are the book’s own sentences, or set GEMINI_MODEL to another model.',
      cause,
    });
  return null;
}

/** Google's reasons for a key that is limited to a page, an address, an app or a service (google.api.ErrorReason). */
const isRestriction = (reason: unknown): boolean =>
  /^(?:API_KEY_\w+_BLOCKED|SERVICE_DISABLED)$/.test(String(reason));

function isKeyRejected({ status, message, details }: GeminiError): boolean {
  if (status === 401 || status === 403) return true;
  const reasons = details.map((detail) => detail['reason']);
  return (
    reasons.includes('API_KEY_INVALID') ||
    (status === 400 && /api key (?:not valid|not found|expired)/i.test(message))
  );
}

/** A 429 that no waiting ends; null for any other. */
function lastingQuotaFailure({ message }: GeminiError, model: string, cause: Error): ServerFailure | null {
  if (/\bcredits?\b.*\bdepleted\b/i.test(message))
    return new ServerFailure({
      code: 'gemini-no-credits',
      message: 'The prepaid credits of the Gemini key’s project are used up.',
      remedy: 'Pay in at https://ai.studio/projects, or set GEMINI_API_KEY to a key of another project.',
      cause,
    });
  if (limitOfZero.test(message))
    return new ServerFailure({
      code: 'gemini-no-quota',
      message: `This Gemini key has no quota for the model ${model}.`,
      remedy: 'Set GEMINI_MODEL or GEMINI_EMBEDDING_MODEL to another model, or enable billing for the key.',
      cause,
    });
  return null;
}

function quotaFailure({ details }: GeminiError, cause: Error): ServerFailure {
  const perDay = details.some((detail) =>
    (quotaViolations.safeParse(detail).data?.violations ?? []).some(({ quotaId }) =>
      quotaId.includes('PerDay'),
    ),
  );
  const waitMs = retryDelay(details);
  const wait = waitMs === null ? {} : { retryAfterMs: waitMs };
  return perDay
    ? new ServerFailure({
        code: 'gemini-quota-day',
        message: "The day's Gemini quota is used up.",
        remedy: 'Wait until midnight Pacific time, or enable billing for the key in Google AI Studio.',
        cause,
        ...wait,
      })
    : new ServerFailure({
        code: 'gemini-quota-minute',
        message: 'Gemini is rate-limiting this key.',
        remedy: 'Wait a minute and ask again.',
        cause,
        ...wait,
      });
}

/** The delay in a `RetryInfo` detail (`"26s"`), in milliseconds; null without one. */
function retryDelay(details: readonly Record<string, unknown>[]): number | null {
  for (const { retryDelay: delay } of details) {
    const seconds = typeof delay === 'string' ? Number(/^([\d.]+)s$/.exec(delay)?.[1]) : Number.NaN;
    if (Number.isFinite(seconds)) return Math.ceil(seconds * 1000);
  }
  return null;
}

/** For a call that got no response, or one that is not Gemini's. */
export function geminiUnreachable(cause: unknown): ServerFailure {
  return new ServerFailure({
    code: 'gemini-unavailable',
    message: 'Gemini does not answer.',
    remedy: 'Wait a minute and ask again; if this persists, see status.cloud.google.com.',
    cause,
  });
}
