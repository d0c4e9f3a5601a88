import { configuredCollection } from '../model/wanted-collection.ts';
import type { ProbePreferences } from '../probes/run-probes.ts';
import type { Session } from '../model/runtime.ts';

/** What the environment wishes the server to use. */
export function wantedFrom({ runtime }: Pick<Session, 'runtime'>): ProbePreferences {
  const named = (name: string): string | null => runtime.env[name]?.trim() || null;
  return {
    answerModel: named('GEMINI_MODEL'),
    embeddingModel: named('GEMINI_EMBEDDING_MODEL'),
    collection: configuredCollection(runtime.env),
  };
}
