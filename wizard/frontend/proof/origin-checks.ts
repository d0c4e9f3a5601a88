import { HttpFailure } from '../../clients/http-failure.ts';
import type { Http } from '../../clients/http.ts';
import { Failure } from '../../model/failure.ts';

type OriginCheck = {
  /** Origin of the page. */
  origin: string;
  http: Http;
  signal: AbortSignal;
};

/** Whether the page's own `/api` reaches the server: a rewrite forwards it. */
export async function isProxied({ origin, http, signal }: OriginCheck): Promise<boolean> {
  const url = `${origin}/api/health`;
  try {
    const what = 'asking the page’s own /api';
    const { headers, text } = await http.text({ service: 'vercel', what, url, signal, retry: false });
    return /json/.test(headers.get('content-type') ?? '') && /"services"/.test(text);
  } catch (error) {
    if (error instanceof HttpFailure) return false;
    throw error;
  }
}

/**
 * Sends a plain request as the page would. Not a preflight: the edge in front of a Space answers those itself, so they
 * prove nothing (hub-docs issue 1889).
 *
 * @throws Failure `origin-not-allowed`.
 */
export async function assertOriginAllowed({
  api,
  origin,
  http,
  signal,
}: OriginCheck & { api: string }): Promise<void> {
  if (new URL(api).origin === origin) return;
  const what = 'asking the server as the page would';
  const headers = { origin, accept: 'application/json' };
  const answer = await http.text({ service: 'huggingface', what, url: `${api}/api/health`, headers, signal });
  const allowed = answer.headers.get('access-control-allow-origin');
  if (allowed !== origin) throw originNotAllowed({ origin, allowed });
}

/** The failure of a server that does not allow the page to read its answers. */
export function originNotAllowed({ origin, allowed }: { origin: string; allowed: string | null }): Failure {
  return new Failure({
    code: 'origin-not-allowed',
    service: 'huggingface',
    message: `The server allows ${allowed ?? 'no origin'} to read its answers, but the page is at ${origin}.`,
    remedy: `Run again; if ${origin} is not a domain of the Vercel project, with ALLOWED_ORIGINS=${origin} in the environment.`,
  });
}
