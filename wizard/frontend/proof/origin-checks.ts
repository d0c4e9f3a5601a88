import * as z from 'zod';
import { HttpFailure } from '../../clients/http-failure.ts';
import type { Http } from '../../clients/http.ts';
import { Failure } from '../../model/failure.ts';

const refusalSchema = z.looseObject({ detail: z.string() });

/** Whether an address of the site reaches the server: a rule forwards it. Asks nothing, which the server refuses in words. */
export async function isForwarded({
  url,
  http,
  signal,
}: {
  url: string;
  http: Http;
  signal: AbortSignal;
}): Promise<boolean> {
  const what = 'asking the page’s own origin';
  try {
    await http.text({ service: 'vercel', what, method: 'POST', url, json: {}, signal, retry: false });
    return false;
  } catch (error) {
    if (error instanceof HttpFailure) return refusalSchema.safeParse(error.data).success;
    throw error;
  }
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
