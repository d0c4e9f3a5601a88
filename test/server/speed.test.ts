import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ConversationStore } from '../../server/chat/ports.ts';
import type { PassageReader } from '../../server/collection/ports.ts';
import { askServer } from './reference-client.ts';
import { sampleSections } from './sample-sections.ts';
import { portsOf, startServer, untilHealth, type RunningServer } from './start-server.ts';
import { startVendors, writeBook, type Vendors } from './vendors.ts';

type Signalled = { signal: AbortSignal };
type DenseRequest = Parameters<PassageReader['searchDense']>[0];
type HistoryRequest = Parameters<ConversationStore['messages']>[0];

let vendors: Vendors;
let server: RunningServer;

beforeAll(async () => {
  vendors = await startVendors();
  await writeBook(vendors, sampleSections);
});
afterAll(async () => {
  await server.close();
  await vendors.close();
});

test('history is read while the question is embedded and searched', async () => {
  /** The beginning and end of each call, in order. */
  const log: string[] = [];
  const ports = portsOf(vendors.environment);
  const traced = <Request, Result>(name: string, work: (request: Request) => Promise<Result>) => {
    return async (request: Request): Promise<Result> => {
      log.push(`${name} begins`);
      try {
        return await work(request);
      } finally {
        log.push(`${name} ends`);
      }
    };
  };
  let release: () => void = () => undefined;
  const searched = new Promise<void>((resolve) => (release = resolve));
  server = await startServer({
    environment: vendors.environment,
    ports: {
      ...ports,
      embedder: {
        ...ports.embedder,
        embedQuery: traced('embed', (request) => ports.embedder.embedQuery(request)),
      },
      passageStore: Object.assign(Object.create(ports.passageStore) as PassageReader, {
        collection: ports.passageStore.collection,
        activeEndpoint: () => null,
        describe: (request: Signalled) => ports.passageStore.describe(request),
        sections: (request: Signalled) => ports.passageStore.sections(request),
        searchDense: traced('search', async (request: DenseRequest) => {
          const hits = await ports.passageStore.searchDense(request);
          release();
          return hits;
        }),
      }),
      conversationStore: {
        ...ports.conversationStore,
        // Ends only after the search: a server that waited for the history first would never answer.
        messages: traced('history', async (request: HistoryRequest) => {
          await searched;
          return ports.conversationStore.messages(request);
        }),
      },
    },
  });
  await untilHealth(server.url, 'healthy');
  const { text } = await askServer(server.url, {
    message: 'How far does a small lidar measure?',
    conversation_id: '00000000-0000-4000-8000-000000000001',
  });
  expect(text).toContain('twelve metres');
  expect(log.indexOf('history begins')).toBeLessThan(log.indexOf('embed ends'));
  expect(log.indexOf('search ends')).toBeLessThan(log.indexOf('history ends'));
});
