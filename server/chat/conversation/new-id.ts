import { randomUUID } from 'node:crypto';

/** A random UUID. Node puts its text together from a dozen pieces, which all stay in memory: a copy is one piece. */
export function newId(): string {
  return Buffer.from(randomUUID(), 'latin1').toString('latin1');
}
