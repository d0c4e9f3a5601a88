import { failedCheck } from '../chat/collection-check.ts';
import type { AnswerModel, Service, ServiceCheck, SessionKeyStore, TurnStore } from '../chat/ports.ts';
import type { Failure } from '../failure.ts';
import type { Embedder, PassageReader } from '../index/ports.ts';

/*
 * What stands for a service that the settings do not lead to: each call ends at once with the same Failure, so the
 * server does without it as it does without one that is down, and health says why.
 */

type Closed = { failure: Failure };

export function closedEmbedder({
  failure,
  model,
  dimensions,
}: Closed & { model: string; dimensions: number }): Embedder {
  const refuse = (): Promise<never> => Promise.reject(failure);
  return { model, dimensions, embedQuery: refuse, embedDocuments: refuse };
}

export function closedAnswers({ failure, model }: Closed & { model: string }): AnswerModel {
  return {
    model,
    // oxlint-disable-next-line require-yield
    async *stream() {
      throw failure;
    },
  };
}

export function closedStore({ failure, collection }: Closed & { collection: string }): PassageReader {
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

export function closedTurns({ failure }: Closed): TurnStore & SessionKeyStore {
  const refuse = (): Promise<never> => Promise.reject(failure);
  return { store: refuse, messages: refuse, sessionKey: refuse, close: () => Promise.resolve() };
}

export function closedCheck({ failure, service }: Closed & { service: Service }): ServiceCheck {
  return { service, check: () => Promise.resolve(failedCheck(failure)) };
}
