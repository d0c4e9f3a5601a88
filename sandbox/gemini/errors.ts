import type { RouteReply } from '../exchange/serve-routes.ts';

const typeOf = (name: string): string => `type.googleapis.com/google.rpc.${name}`;
const service = 'generativelanguage.googleapis.com';

/** An error in Google's error model, with the status and details that a client branches on. */
export class GeminiApiError extends Error {
  readonly code: number;
  readonly status: string;
  readonly details: readonly object[];

  constructor(options: { code: number; status: string; message: string; details?: readonly object[] }) {
    super(options.message);
    this.name = 'GeminiRefusal';
    this.code = options.code;
    this.status = options.status;
    this.details = options.details ?? [];
  }

  body(): { error: object } {
    const details = this.details.length > 0 ? { details: this.details } : {};
    return { error: { code: this.code, message: this.message, status: this.status, ...details } };
  }

  reply(): RouteReply {
    return { status: this.code, json: this.body() };
  }
}

const errorInfo = (reason: string): object => ({
  '@type': typeOf('ErrorInfo'),
  reason,
  domain: 'googleapis.com',
  metadata: { service },
});

export const invalidArgument = (message: string): GeminiApiError =>
  new GeminiApiError({ code: 400, status: 'INVALID_ARGUMENT', message });

const keyMessages = {
  invalid: 'API key not valid. Please pass a valid API key.',
  expired: 'API key expired. Please renew the API key.',
  'not-found': 'API Key not found. Please pass a valid API key.',
} as const;

/** An unknown key: 400, not 401. */
export function invalidKey(reason: keyof typeof keyMessages = 'invalid'): GeminiApiError {
  const message = keyMessages[reason];
  return new GeminiApiError({
    code: 400,
    status: 'INVALID_ARGUMENT',
    message,
    details: [
      errorInfo('API_KEY_INVALID'),
      { '@type': typeOf('LocalizedMessage'), locale: 'en-US', message },
    ],
  });
}

/** Standard keys (`AIza…`), which are rejected since 2026, and keys sent instead of an OAuth token. */
export const rejectedStandardKey = (): GeminiApiError =>
  new GeminiApiError({
    code: 401,
    status: 'UNAUTHENTICATED',
    message:
      'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid ' +
      'authentication credential.',
    details: [errorInfo('ACCESS_TOKEN_TYPE_UNSUPPORTED')],
  });

/** 403 of a key whose project Google has suspended (as public issues quote it). */
export const suspendedProject = (): GeminiApiError =>
  new GeminiApiError({
    code: 403,
    status: 'PERMISSION_DENIED',
    message: "Permission denied: Consumer 'projects/123456789012' has been suspended.",
    details: [errorInfo('CONSUMER_SUSPENDED')],
  });

export const missingKey = (): GeminiApiError =>
  new GeminiApiError({
    code: 403,
    status: 'PERMISSION_DENIED',
    message:
      "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other " +
      'form of API consumer identity to call this API.',
  });

export const unknownModel = ({ model, method }: { model: string; method: string }): GeminiApiError =>
  new GeminiApiError({
    code: 404,
    status: 'NOT_FOUND',
    message:
      `models/${model} is not found for API version v1beta, or is not supported for ${method}. ` +
      'Call ListModels to see the list of available models and their supported methods.',
  });

/** A model that is still listed but answers 404: how models are retired for new users. */
export const retiredModel = (model: string): GeminiApiError =>
  new GeminiApiError({
    code: 404,
    status: 'NOT_FOUND',
    message:
      `This model models/${model} is no longer available to new users. Please update your code to use a newer model ` +
      'for the latest features and improvements.',
  });

export const overloaded = (): GeminiApiError =>
  new GeminiApiError({
    code: 503,
    status: 'UNAVAILABLE',
    message: 'The model is overloaded. Please try again later.',
  });

/** 429 of a project whose prepaid credits are used up: a sentence and no details (as public issues quote it). */
export const creditsDepleted = (): GeminiApiError =>
  new GeminiApiError({
    code: 429,
    status: 'RESOURCE_EXHAUSTED',
    message:
      'Your prepayment credits are depleted. Please go to AI Studio at https://ai.studio/projects to manage your ' +
      'project and billing.',
  });

/**
 * 429. RetryInfo may be absent; with `PerDay` in the quota id, waiting does not help. A quota of zero has no `quotaValue`,
 * because JSON of proto3 leaves a zero out; only the message names it.
 */
export function quotaExceeded(options: {
  model: string;
  metric: 'generate_content' | 'embed_content';
  per: 'Minute' | 'Day';
  limit: number;
  retryDelaySeconds: number | null;
}): GeminiApiError {
  const quotaMetric = `${service}/${options.metric}_free_tier_requests`;
  const name = options.metric === 'generate_content' ? 'GenerateRequests' : 'EmbedContentRequests';
  const retry =
    options.retryDelaySeconds === null
      ? []
      : [{ '@type': typeOf('RetryInfo'), retryDelay: `${options.retryDelaySeconds}s` }];
  return new GeminiApiError({
    code: 429,
    status: 'RESOURCE_EXHAUSTED',
    message:
      'You exceeded your current quota, please check your plan and billing details. ' +
      `* Quota exceeded for metric: ${quotaMetric}, limit: ${options.limit}, model: ${options.model}`,
    details: [
      {
        '@type': typeOf('QuotaFailure'),
        violations: [
          {
            quotaMetric,
            quotaId: `${name}Per${options.per}PerProjectPerModel-FreeTier`,
            quotaDimensions: { location: 'global', model: options.model },
            ...(options.limit === 0 ? {} : { quotaValue: String(options.limit) }),
          },
        ],
      },
      {
        '@type': typeOf('Help'),
        links: [
          {
            description: 'Learn more about Gemini API quotas',
            url: 'https://ai.google.dev/gemini-api/docs/rate-limits',
          },
        ],
      },
      ...retry,
    ],
  });
}
