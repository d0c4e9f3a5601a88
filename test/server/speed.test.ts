import { afterAll, beforeAll, expect, test } from 'vitest';
import { askServer } from './reference-client.ts';
import { sampleSections } from './sample-sections.ts';
import { portsOf, startServer, untilHealth, type RunningServer } from './start-server.ts';
import { startVendors, writeBook, type Vendors } from './vendors.ts';

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

/** When each call began and ended, in the order of the events. */
test('history is read while the question is embedded and searched', async () => {
  const log: string[] = [];
  const ports = portsOf(vendors.environment);
  const traced = <Given, Found>(name: string, work: (given: Given) => Promise<Found>) => {
    return async (given: Given): Promise<Found> => {
      log.push(`${name} begins`);
      try {
        return await work(given);
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
        embedQuery: traced('embed', (given) => ports.embedder.embedQuery(given)),
      },
      store: Object.assign(Object.create(ports.store) as typeof ports.store, {
        collection: ports.store.collection,
        road: () => null,
        describe: (given: { signal: AbortSignal }) => ports.store.describe(given),
        sections: (given: { signal: AbortSignal }) => ports.store.sections(given),
        searchDense: traced('search', async (given: Parameters<typeof ports.store.searchDense>[0]) => {
          const found = await ports.store.searchDense(given);
          release();
          return found;
        }),
      }),
      turns: {
        ...ports.turns,
        // Ends only when the search has ended: were it waited for first, nothing would ever be answered.
        messages: traced('history', async (given: Parameters<typeof ports.turns.messages>[0]) => {
          await searched;
          return ports.turns.messages(given);
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
