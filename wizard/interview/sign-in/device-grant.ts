import * as z from 'zod';
import { HttpFailure, isTransientStatus } from '../../clients/http-failure.ts';
import type { Http } from '../../clients/http.ts';
import { oneLine } from '../../clients/redact.ts';
import { registerSecret, Secret } from '../../model/secret.ts';

/** Of the Hub's device flow for public clients: RFC 8628, https://huggingface.co/docs/hub/oauth */
export type GrantTools = {
  /** Of the Hub, without a slash at the end. */
  endpoint: string;
  /** Id of the registered app. */
  client: string;
  http: Http;
  signal: AbortSignal;
  /** Milliseconds since 1970. */
  now(): number;
  sleep(ms: number, options: { signal: AbortSignal }): Promise<unknown>;
};

/** What the user enters at the Hub, and what this run asks with. */
export type DeviceCode = {
  userCode: string;
  /** Where it is entered, with the code already in it where the Hub says so. */
  page: string;
  filledPage: string;
  deviceCode: Secret;
  intervalMs: number;
  expiresAt: number;
};

export type GrantResult = { type: 'granted'; token: Secret } | { type: 'refused'; why: string };

const address = z.string().regex(/^https?:\/\//);
const codeSchema = z.looseObject({
  device_code: z.string().min(1),
  user_code: z.string().regex(/^[\w-]{4,20}$/),
  verification_uri: address,
  verification_uri_complete: address.nullish(),
  interval: z.number().nullish(),
  expires_in: z.number().nullish(),
});
const tokenSchema = z.looseObject({ access_token: z.string().min(1), refresh_token: z.string().nullish() });
const refusalSchema = z.looseObject({ error: z.string(), error_description: z.string().nullish() });

/** Creates repositories, and changes only those that this app created. */
const scope = 'openid profile contribute-repos';

/** Asks for a code. Throws HttpFailure. */
export async function requestDeviceCode(tools: GrantTools): Promise<DeviceCode> {
  const { client, now } = tools;
  const form = { client_id: client, scope };
  const answer = await post(tools, {
    path: '/oauth/device',
    what: 'asking for a code to sign in',
    form,
    schema: codeSchema,
  });
  const { user_code: userCode, verification_uri: page, interval, expires_in: seconds } = answer;
  registerSecret(userCode);
  return {
    userCode,
    page,
    filledPage: answer.verification_uri_complete ?? page,
    deviceCode: new Secret(answer.device_code),
    intervalMs: (interval ?? 5) * 1_000,
    expiresAt: now() + (seconds ?? 900) * 1_000,
  };
}

/** Asks until the user has accepted or declined, or the code has expired. What the Hub may say only now is no end. */
export async function pollForToken(tools: GrantTools, code: DeviceCode): Promise<GrantResult> {
  const { client, now, sleep, signal } = tools;
  const form = {
    grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
    device_code: code.deviceCode.reveal(),
    client_id: client,
  };
  const request = { path: '/oauth/token', what: 'signing in', form, schema: tokenSchema };
  let waitMs = code.intervalMs;
  while (now() < code.expiresAt) {
    await sleep(waitMs, { signal });
    signal.throwIfAborted();
    try {
      const { access_token: token, refresh_token: refresh } = await post(tools, request);
      if (refresh != null) registerSecret(refresh);
      return { type: 'granted', token: new Secret(token) };
    } catch (error) {
      if (!(error instanceof HttpFailure)) throw error;
      const refusal = refusalSchema.safeParse(error.data).data;
      if (refusal === undefined || isTransientStatus(error.status ?? 500)) continue;
      if (refusal.error === 'slow_down') waitMs += 5_000;
      else if (refusal.error !== 'authorization_pending') return { type: 'refused', why: reasonOf(refusal) };
    }
  }
  return { type: 'refused', why: reasonOf({ error: 'expired_token' }) };
}

function reasonOf({ error, error_description: text }: z.infer<typeof refusalSchema>): string {
  if (error === 'expired_token') return 'The code expired before it was entered.';
  if (error === 'access_denied') return 'Hugging Face says that you declined.';
  return `Hugging Face refused it: ${oneLine(text ?? error)}.`;
}

function post<T>(
  { endpoint, http, signal }: GrantTools,
  request: { path: string; what: string; form: Record<string, string>; schema: z.ZodType<T> },
): Promise<T> {
  const { path, what, form, schema } = request;
  return http.request({
    service: 'huggingface',
    what,
    method: 'POST',
    url: `${endpoint}${path}`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form).toString(),
    schema,
    signal,
  });
}
