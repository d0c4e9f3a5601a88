import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ConversationStore } from '../../server/chat/ports.ts';
import { askServer } from './reference-client.ts';
import { sampleSections } from './sample-sections.ts';
import { portsOf, startServer, untilHealth, type RunningServer } from './start-server.ts';
import { startVendors, writeBook, type Vendors } from './vendors.ts';

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

test('history is read while the question is embedded', async () => {
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
  const embedded = new Promise<void>((resolve) => (release = resolve));
  server = await startServer({
    environment: vendors.environment,
    ports: {
      ...ports,
      embedder: {
        ...ports.embedder,
        embedQuery: traced('embed', async (request) => {
          const vector = await ports.embedder.embedQuery(request);
          release();
          return vector;
        }),
      },
      conversationStore: {
        ...ports.conversationStore,
        // Ends only after the embedding: a server that waited for the history first would give up and ask again.
        messages: traced('history', async (request: HistoryRequest) => {
          await embedded;
          if (request.signal.aborted) log.push('too late');
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
  expect(log).toEqual(['history begins', 'embed begins', 'embed ends', 'history ends']);
});
