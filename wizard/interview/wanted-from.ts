import { wantedCollection } from '../model/wanted-collection.ts';
import type { Wanted } from '../run/validate.ts';
import type { Session } from '../model/world.ts';

/** What the environment wishes the server to use. */
export function wantedFrom({ world }: Pick<Session, 'world'>): Wanted {
  const named = (name: string): string | null => world.env[name]?.trim() || null;
  return {
    answerModel: named('GEMINI_MODEL'),
    embeddingModel: named('GEMINI_EMBEDDING_MODEL'),
    collection: wantedCollection(world.env),
  };
}
