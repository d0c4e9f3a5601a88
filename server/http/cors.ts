import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { parseOriginList } from '../contract.ts';

/** Decides whether pages of an `Origin` may read the answers. */
export type OriginRule = (origin: string) => boolean;

const exposedHeaders = 'Retry-After, X-Request-ID, X-Proof-Challenge';

/**
 * Parses `ALLOWED_ORIGINS` as people write it: with commas or as a JSON array, with spaces, quotes, a trailing path or
 * slash, capitals in the host, `https://*.vercel.app` for preview deployments, `*` for every origin.
 */
export function parseOrigins(value: string): { rule: OriginRule; origins: string[] } {
  const origins = parseOriginList(value).flatMap((entry) => normaliseOrigin(entry) ?? []);
  const exact = new Set(origins);
  const patterns = origins.filter((origin) => origin.includes('*')).map(patternOf);
  return {
    origins,
    rule: (origin) => {
      const candidate = origin.toLowerCase();
      return exact.has(candidate) || patterns.some((pattern) => pattern.test(candidate));
    },
  };
}

function normaliseOrigin(value: string): string | null {
  if (value === '*') return value;
  const [, scheme = 'https', host = ''] = /^(?:(https?):\/\/)?([^/?#]+)/i.exec(value) ?? [];
  const bare = host.toLowerCase().replace(scheme.toLowerCase() === 'https' ? /:443$/ : /:80$/, '');
  return bare === '' ? null : `${scheme.toLowerCase()}://${bare}`;
}

/** `*` matches one label, so `*.vercel.app` does not match `a.b.vercel.app`; alone, it matches every origin. */
function patternOf(origin: string): RegExp {
  if (origin === '*') return /^/;
  const source = origin.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll('*', '[^./]+');
  return new RegExp(`^${source}$`);
}

/**
 * Sets CORS headers before anything can fail, so that every error and every stream carries them. Not `@fastify/cors`:
 * frontends and the recorded transcripts expect the preflight bodies and the 400 of the FastAPI server this replaces,
 * and unreadable URLs never reach a plugin's hooks.
 */
export function registerCors(app: FastifyInstance, rule: OriginRule): void {
  app.addHook('onRequest', (request, reply, done) => {
    const allowed = setCorsHeaders(request, reply, rule);
    const method = request.headers['access-control-request-method'];
    if (request.headers.origin === undefined || request.method !== 'OPTIONS' || method === undefined)
      return done();
    answerPreflight(reply, { allowed, headers: request.headers['access-control-request-headers'] });
  });
}

/** Sets the headers of one reply; returns whether the page may read it. */
export function setCorsHeaders({ headers }: FastifyRequest, reply: FastifyReply, rule: OriginRule): boolean {
  const { origin } = headers;
  reply.header('vary', 'Origin');
  if (origin === undefined || !rule(origin)) return false;
  reply.header('access-control-allow-origin', origin);
  reply.header('access-control-allow-credentials', 'true');
  reply.header('access-control-expose-headers', exposedHeaders);
  return true;
}

function answerPreflight(
  reply: FastifyReply,
  { allowed, headers }: { allowed: boolean; headers: string | undefined },
): FastifyReply {
  reply.header('vary', 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers');
  reply.header('access-control-allow-methods', 'GET, HEAD, POST, OPTIONS');
  reply.header('access-control-max-age', '600');
  if (headers !== undefined) reply.header('access-control-allow-headers', headers);
  reply.type('text/plain; charset=utf-8');
  return allowed ? reply.code(200).send('OK') : reply.code(400).send('Disallowed CORS origin');
}

/** The book's address: a published site is preferred to one on a developer's machine. */
export function frontendUrlOf(origins: readonly string[]): string | null {
  const exact = origins.filter((origin) => !origin.includes('*'));
  return exact.find((origin) => origin.startsWith('https://')) ?? exact[0] ?? null;
}
