/**
 * Stand-ins for a service whose settings are invalid: each call fails at once with the same ServerFailure, so the server works
 * as it does when that service is down, and health says why.
 */
import type { AnswerModel } from '../chat/ports.ts';
import type { ChatPorts } from '../chat/create-chat-deps.ts';
import { failedCheck, type ExternalService, type ServiceCheck } from '../chat/service-check.ts';
import type { Embedder, PassageReader } from '../collection/ports.ts';
import type { ServerFailure } from '../failure.ts';

type Unavailable = { failure: ServerFailure };

/** An `Embedder` that always fails. */
export function unavailableEmbedder({
  failure,
  model,
  dimensions,
}: Unavailable & { model: string; dimensions: number }): Embedder {
  const fail = (): Promise<never> => Promise.reject(failure);
  return { model, dimensions, embedQuery: fail, embedDocuments: fail };
}

/** An `AnswerModel` that always fails. */
export function unavailableAnswers({ failure, model }: Unavailable & { model: string }): AnswerModel {
  return {
    model,
    // oxlint-disable-next-line require-yield
    async *stream() {
      throw failure;
    },
  };
}

/** A `PassageReader` that always fails. */
export function unavailablePassages({
  failure,
  collection,
}: Unavailable & { collection: string }): PassageReader {
  const fail = (): Promise<never> => Promise.reject(failure);
  return {
    collection,
    describe: fail,
    // oxlint-disable-next-line require-yield
    async *sections() {
      throw failure;
    },
    sectionsById: fail,
    searchDense: fail,
    searchSparse: fail,
  };
}

/** A `ConversationStore` that always fails. */
export function unavailableConversations({ failure }: Unavailable): ChatPorts['conversationStore'] {
  const fail = (): Promise<never> => Promise.reject(failure);
  return {
    storeAll: fail,
    messages: fail,
    sessionKey: fail,
    storeFeedback: fail,
    deleteExpired: fail,
    lease: fail,
    settle: fail,
    addUsage: fail,
    close: () => Promise.resolve(),
  };
}

/** A `ServiceCheck` that always reports the failure. */
export function unavailableCheck({
  failure,
  service,
}: Unavailable & { service: ExternalService }): ServiceCheck {
  return { service, check: () => Promise.resolve(failedCheck(failure)) };
}
