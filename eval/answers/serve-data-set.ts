import type { AddressInfo } from 'node:net';
import { buildApp, type Ports } from '../../server/app.ts';
import type { AnswerModel } from '../../server/chat/ports.ts';
import { chatSettings } from '../../server/chat/settings.ts';
import type { Embedder, PassageReader } from '../../server/collection/ports.ts';
import type { Calibration } from '../../server/collection/stamp.ts';
import { ServerFailure } from '../../server/failure.ts';
import type { DataSet } from '../data-set/data-set.ts';
import type { MemoryStore } from '../memory-store.ts';
import { passageReader } from './passage-reader.ts';

/** What of retrieval works. A large book is not read into memory, and Qdrant searches it by words, too. */
export const conditions = {
  'both retrievers': { isLarge: false, hasVectors: true, hasWords: true },
  'vectors away': { isLarge: false, hasVectors: false, hasWords: true },
  'words away': { isLarge: false, hasVectors: true, hasWords: false },
  'large book': { isLarge: true, hasVectors: true, hasWords: true },
  'large book, vectors away': { isLarge: true, hasVectors: false, hasWords: true },
  'large book, words away': { isLarge: true, hasVectors: true, hasWords: false },
} as const;
export type ServingCondition = keyof typeof conditions;

export type ServedDataSet = { url: string; close(): Promise<void> };

/** The real server in this process, listening on loopback, with a set as its book. Nothing is stored. */
export async function serveDataSet({
  data: { sections },
  embedder,
  store,
  calibration,
  answerModel,
  condition,
}: {
  data: Pick<DataSet, 'sections'>;
  embedder: Embedder;
  store: Pick<MemoryStore, 'searchDense'>;
  calibration: Calibration | null;
  answerModel: AnswerModel;
  condition: ServingCondition;
}): Promise<ServedDataSet> {
  const { isLarge, hasVectors, hasWords } = conditions[condition];
  const reader = passageReader({ sections, store, embedder, calibration });
  const wordless: PassageReader = {
    ...reader,
    // oxlint-disable-next-line require-yield
    async *sections() {
      throw away('qdrant');
    },
    searchSparse: () => Promise.reject(away('qdrant')),
  };
  const app = buildApp(
    {
      embedder: hasVectors ? embedder : { ...embedder, embedQuery: () => Promise.reject(away('gemini')) },
      passageStore: hasWords ? reader : wordless,
      answerModel,
      conversationStore: forgetful,
      readBundledBook: () => Promise.resolve(null),
      checks: [],
    },
    {
      version: 'eval',
      deploymentId: null,
      origins: '',
      logLevel: 'silent',
      bookTitle: 'eval',
      limits: { perAddress: unlimited, perConversation: unlimited, readsPerAddress: unlimited },
      settings: { ...chatSettings, memorySections: isLarge ? 0 : chatSettings.memorySections },
    },
  );
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  // The server's own timers let a process end.
  const alive = setInterval(() => undefined, 1_000);
  const close = (): Promise<void> => app.close().finally(() => clearInterval(alive));
  return { url: `http://127.0.0.1:${port}`, close };
}

const unlimited = 1_000_000;

/** A database that takes everything and has nothing. */
const forgetful: Ports['conversationStore'] = {
  storeAll: async () => undefined,
  messages: async () => new Map(),
  sessionKey: async ({ proposal }) => proposal,
  storeFeedback: async () => false,
  deleteExpired: async () => null,
  lease: async ({ calls }) => calls,
  settle: async () => undefined,
  addUsage: async () => undefined,
  close: async () => undefined,
};

function away(service: 'gemini' | 'qdrant'): ServerFailure {
  return new ServerFailure({
    code: `${service}-unreachable`,
    message: 'Taken away by eval.',
    remedy: 'None.',
  });
}
