/** With incomplete settings, the server does what the others allow. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readSettings } from '../../server/contract.ts';
import { portsFor } from '../../server/ports.ts';
import { askServer } from './reference-client.ts';
import { sampleSections } from './sample-sections.ts';
import { startServer, untilHealth } from './start-server.ts';
import { startVendors, writeBook, type Vendors } from './vendors.ts';

let vendors: Vendors;
beforeAll(async () => {
  vendors = await startVendors();
  await writeBook(vendors, sampleSections);
});
afterAll(() => vendors.close());

test.each([
  [{ DATABASE_URL: '' }, 'postgres', 'DATABASE_URL is missing.', ['hybrid']],
  [{ GEMINI_API_KEY: ' ' }, 'gemini', 'GEMINI_API_KEY is missing.', ['lexical', 'extractive']],
  [{ CHAT_DAILY_BUDGET: 'few' }, 'gemini', 'CHAT_DAILY_BUDGET is invalid.', ['lexical', 'extractive']],
])('%j: there is still an answer, and %s says why', async (change, service, error, rungs) => {
  const environment = { ...vendors.environment, ...change };
  const { settings, invalid } = readSettings(environment);
  const ports = portsFor(settings, { invalid, readBundledBook: () => Promise.resolve(null) });
  const server = await startServer({ environment, ports, healthy: false });
  try {
    expect(await untilHealth(server.url, 'degraded')).toMatchObject({
      failed_services: [service],
      services: { [service]: { error } },
    });
    const { events, text } = await askServer(server.url, { message: 'How far does a small lidar measure?' });
    expect(events[0]!['rungs']).toEqual(rungs);
    expect(text).toContain('twelve metres');
  } finally {
    await server.close();
  }
});
