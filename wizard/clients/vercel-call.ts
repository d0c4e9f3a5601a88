import type { z } from 'zod';
import type { Secret } from '../model/secret.ts';
import type { Http, HttpRequest, StreamRequest } from './http.ts';
import { explainVercelError } from './vercel-errors.ts';

/** Where the calls go, and for whom: a team by its id or slug, else the token's own account. */
export type VercelCallOptions = {
  apiUrl: string;
  token: Secret;
  team: { teamId: string } | { slug: string } | null;
  http: Http;
  signal: AbortSignal;
};

export type VercelRequest = Partial<HttpRequest> & { query?: Record<string, string> };

/** One call of Vercel's REST API: its response, parsed. Throws HttpFailure, or a Failure that explains it. */
export type VercelCall = <T>(
  schema: z.ZodType<T>,
  path: string,
  what: string,
  request?: VercelRequest,
) => Promise<T>;

export function createVercelCall({ apiUrl, token, team, http, signal }: VercelCallOptions): {
  call: VercelCall;
  /** A call whose response has no body. */
  send(path: string, what: string, request: VercelRequest): Promise<void>;
  stream(
    path: string,
    what: string,
    options: Pick<StreamRequest, 'idleMs'>,
  ): AsyncGenerator<Uint8Array, void>;
} {
  const own = { authorization: `Bearer ${token.reveal()}` };
  const urlOf = (path: string, query: Record<string, string>): URL => {
    const url = new URL(path, apiUrl);
    for (const [name, value] of Object.entries({ ...query, ...team })) url.searchParams.set(name, value);
    return url;
  };
  return {
    call: (schema, path, what, { query = {}, headers, ...rest } = {}) =>
      http
        .request({
          service: 'vercel',
          what,
          url: urlOf(path, query),
          headers: { ...own, ...headers },
          signal,
          schema,
          ...rest,
        })
        .catch((error: unknown) => {
          throw explainVercelError(error, what);
        }),
    send: async (path, what, { query = {}, ...rest }) => {
      await http
        .text({ service: 'vercel', what, url: urlOf(path, query), headers: own, signal, ...rest })
        .catch((error: unknown) => {
          throw explainVercelError(error, what);
        });
    },
    stream: (path, what, options) =>
      http.stream({ service: 'vercel', what, url: urlOf(path, {}), headers: own, signal, ...options }),
  };
}
