import { defaults } from '../../server/contract.ts';

/** Name of the collection unless another book's is found under it. */
export function configuredCollection(env: Readonly<Record<string, string | undefined>>): string {
  return env['QDRANT_COLLECTION']?.trim() || defaults.collection;
}
