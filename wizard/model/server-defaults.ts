import { defaults } from '../../server/contract.ts';
import { Failure } from './failure.ts';

/** The models that a key is tried with first: what the server uses unless its variables name others. */
export const defaultModels = {
  answer: defaults.answerModel,
  embeddings: defaults.embeddingModels,
  dimensions: defaults.dimensions,
} as const;

/** Name of the collection, as the environment sets it or by default. Throws Failure `collection-name` (usage). */
export function configuredCollection(env: Readonly<Record<string, string | undefined>>): string {
  const name = env['QDRANT_COLLECTION']?.trim() || defaults.collection;
  const problem = collectionNameProblem(name);
  if (problem === null) return name;
  throw new Failure({
    kind: 'usage',
    code: 'collection-name',
    service: 'qdrant',
    message: `QDRANT_COLLECTION cannot be the name of a collection: ${problem}.`,
    remedy: 'Give it another name, such as my-book.',
  });
}

const longestName = 255;
/** One is kept for `-2`, beside a collection that is not ours. */
const suffix = '-2';

/** Qdrant keeps a collection in a folder of its name (1.19.0, lib/common/common/src/validation.rs). */
function collectionNameProblem(name: string): string | null {
  const unsafe = /[<>:"/\\|?*\u0000\u001f]/.exec(name)?.[0];
  if (unsafe !== undefined) return `it contains ${JSON.stringify(unsafe)}`;
  if (name === '.' || name === '..') return 'it means a folder';
  const most = longestName - suffix.length;
  return [...name].length > most ? `it is longer than ${most} characters` : null;
}
