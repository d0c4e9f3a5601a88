/** A program with 2,000 addresses, two servers on one database and three kills, against the daily budget. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runBundle, type BundleProcess } from '../server/running-bundle.ts';
import { sampleSections } from '../server/sample-sections.ts';
import { untilHealth } from '../server/start-server.ts';
import { startVendors, writeBook, type Vendors } from '../server/vendors.ts';

let vendors: Vendors;

beforeAll(async () => {
  vendors = await startVendors();
  await writeBook(vendors, sampleSections);
});
afterAll(() => vendors.close());

const budget = 150;
const block = 20;

async function start(): Promise<BundleProcess> {
  const server = await runBundle({ ...vendors.environment, CHAT_DAILY_BUDGET: String(budget) });
  await untilHealth(server.url, 'healthy');
  return server;
}

let number = 0;

/** One question from an address of its own; resolves to the status. */
async function ask(url: string): Promise<number> {
  number += 1;
  const address = `198.${number % 200}.${(number >> 8) % 250}.${number % 250}`;
  const response = await fetch(`${url}/api/chat`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': `127.0.0.1, ${address}` },
    body: JSON.stringify({ message: `How far does lidar number ${number} measure?`, stream: true }),
  });
  await response.text();
  return response.status;
}

async function askMany(servers: readonly BundleProcess[], count: number): Promise<number[]> {
  const requests = Array.from({ length: count }, (_value, index) =>
    ask(servers[index % servers.length]!.url).catch(() => 0),
  );
  return Promise.all(requests);
}

test('the model is never called more often than the budget, and hardly less often', async () => {
  const servers = [await start(), await start()];
  let kills = 0;
  for (let round = 0; round < 3; round += 1) {
    await askMany(servers, 8);
    servers[round % 2]!.kill();
    kills += 1;
    servers[round % 2] = await start();
  }
  for (let round = 0; round < 10; round += 1) {
    const statuses = await askMany(servers, 100);
    expect(new Set(statuses)).toEqual(new Set([200]));
  }
  const calls = vendors.record.list().filter(({ name }) => name === 'gemini.streamGenerateContent').length;
  expect(calls).toBeLessThanOrEqual(budget);
  expect(calls).toBeGreaterThanOrEqual(budget - block * (kills + servers.length));
  await Promise.all(servers.map((server) => server.close()));
});

test('two hundred readers behind one rewrite, or one address, are all answered', async () => {
  const server = await start();
  for (const forwarded of ['76.76.21.21', '203.0.113.7, 76.76.21.22']) {
    const statuses = await Promise.all(
      Array.from({ length: 200 }, async () => {
        const response = await fetch(`${server.url}/api/chat`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'x-forwarded-for': forwarded },
          body: JSON.stringify({ message: 'How far does a small lidar measure?', stream: true }),
        });
        await response.text();
        return response.status;
      }),
    );
    expect(new Set(statuses)).toEqual(new Set([200]));
  }
  await server.close();
});
