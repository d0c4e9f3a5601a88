import { defaults } from '../../server/contract.ts';
import type { HostedVariables } from '../clients/hub-schemas.ts';
import type { Credentials } from '../model/credential.ts';
import { Failure } from '../model/failure.ts';
import type { ProbePreferences } from '../probes/probe-service.ts';

/** What a Space is set to use; the server's own defaults where nothing is set. */
export function preferencesOf({ variables }: { variables: HostedVariables }): ProbePreferences {
  return {
    answerModel: variables['GEMINI_MODEL']?.value ?? defaults.answerModel,
    embeddingModel: variables['GEMINI_EMBEDDING_MODEL']?.value ?? defaults.embeddingModel,
    collection: variables['QDRANT_COLLECTION']?.value ?? defaults.collection,
    // A server only reads.
    clusterUse: 'read',
  };
}

/** The Space's models that a key does not open, so that its check chose others. */
export function unavailableModels(
  gemini: Credentials['gemini'],
  { answerModel, embeddingModel }: ProbePreferences,
): string[] {
  return [
    ...(answerModel === null || gemini.answerModel === answerModel ? [] : [answerModel]),
    ...(embeddingModel === null || gemini.embeddingModel === embeddingModel ? [] : [embeddingModel]),
  ];
}

/** Throws Failure `model-not-open` (rejected) for a key with which the server would not answer. */
export function assertModelsAvailable(gemini: Credentials['gemini'], preferences: ProbePreferences): void {
  const unavailable = unavailableModels(gemini, preferences);
  if (unavailable.length === 0) return;
  throw new Failure({
    kind: 'rejected',
    code: 'model-not-open',
    service: 'gemini',
    message: `Nothing was changed: Gemini takes the key, but it does not open ${unavailable.join(' and ')}, which the server is set to.`,
    remedy:
      'Make the key in the project of the old one; or change the model by a deployment with the new key: npx rag-space-setup',
  });
}
