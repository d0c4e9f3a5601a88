import { failedCheck } from '../chat/retrieval/collection-check.ts';
import type {
  AnswerModel,
  ExternalService,
  ServiceCheck,
  SessionKeyStore,
  ConversationStore,
} from '../chat/ports.ts';
import type { Failure } from '../failure.ts';
import type { Embedder, PassageReader } from '../collection/ports.ts';

/*
 * What stands for a service that the settings do not lead to: each call ends at once with the same Failure, so the
 * server does without it as it does without one that is down, and health says why.
 */

type Unavailable = { failure: Failure };

export function unavailableEmbedder({
  failure,
  model,
  dimensions,
}: Unavailable & { model: string; dimensions: number }): Embedder {
  const refuse = (): Promise<never> => Promise.reject(failure);
  return { model, dimensions, embedQuery: refuse, embedDocuments: refuse };
}

export function unavailableAnswers({ failure, model }: Unavailable & { model: string }): AnswerModel {
  return {
    model,
    // oxlint-disable-next-line require-yield
    async *stream() {
      throw failure;
    },
  };
}

export function unavailablePassages({
  failure,
  collection,
}: Unavailable & { collection: string }): PassageReader {
  const refuse = (): Promise<never> => Promise.reject(failure);
  return {
    collection,
    describe: refuse,
    // oxlint-disable-next-line require-yield
    async *sections() {
      throw failure;
    },
    sectionsById: refuse,
    searchDense: refuse,
    searchSparse: refuse,
  };
}

export function unavailableConversations({ failure }: Unavailable): ConversationStore & SessionKeyStore {
  const refuse = (): Promise<never> => Promise.reject(failure);
  return { store: refuse, messages: refuse, sessionKey: refuse, close: () => Promise.resolve() };
}

export function unavailableCheck({
  failure,
  service,
}: Unavailable & { service: ExternalService }): ServiceCheck {
  return { service, check: () => Promise.resolve(failedCheck(failure)) };
}
