import type { FastifyRequest } from 'fastify';
import type { BookReader } from '../../book/book-reader.ts';
import { ServerFailure } from '../../failure.ts';
import type { OriginRule } from '../cors.ts';
import { HttpError } from '../http-error.ts';
import type { ClientAddress } from '../limits/client-address.ts';
import type { RateLimits } from '../limits/rate-limits.ts';

/** What the routes to the book itself share. */
export type BookRouteOptions = {
  reader: BookReader;
  rateLimits: Pick<RateLimits, 'allowsQuestion' | 'checkSearch' | 'checkPageRead'>;
  clientOf: (request: FastifyRequest) => ClientAddress;
  /** Decides which browsers may search. */
  originRule: OriginRule;
};

/** How long a search or a section may take, in milliseconds. */
export const bookTimeoutMs = 10_000;

/** Rethrows what the book's reader threw in words and with a status. */
export function throwAsHttpError(error: unknown): never {
  if (!(error instanceof ServerFailure)) throw error;
  const { code, message, remedy } = error;
  const status = code === 'book-not-in-memory' ? 404 : 503;
  throw new HttpError({
    status,
    code,
    message: `${message} ${remedy}`,
    ...(status === 503 ? { retryAfter: 30 } : {}),
  });
}
