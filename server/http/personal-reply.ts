import type { FastifyReply } from 'fastify';

/** What only its reader may see: neither a proxy nor the reader's own browser keeps it. */
export const personalCaching = 'no-store, no-cache';

/** Sets the header before anything can fail, so that errors carry it too. */
export function markPersonal(reply: FastifyReply): void {
  reply.header('cache-control', personalCaching);
}
