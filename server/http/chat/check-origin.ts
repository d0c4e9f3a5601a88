import type { FastifyRequest } from 'fastify';
import type { OriginRule } from '../cors.ts';
import { HttpError } from '../http-error.ts';

/**
 * Refuses a browser's request from a page of another site, which would spend the owner's money. A page's script cannot set
 * `Sec-Fetch-Site`, so `same-origin` means the server's own page, or a page behind a proxy or rewrite to this server.
 * Clients that send no `Origin` are no browsers of other sites.
 *
 * @throws HttpError 403 `origin-not-allowed`.
 */
export function checkOrigin({ headers }: FastifyRequest, isAllowed: OriginRule): void {
  const { origin } = headers;
  if (origin === undefined || headers['sec-fetch-site'] === 'same-origin') return;
  if (origin !== 'null' && isAllowed(origin)) return;
  throw new HttpError({
    status: 403,
    code: 'origin-not-allowed',
    message:
      'Pages of this address may not ask this assistant. Its owner can add the address to ALLOWED_ORIGINS.',
  });
}
