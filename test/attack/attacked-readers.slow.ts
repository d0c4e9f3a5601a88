/** Honest readers beside a hundred attacking questions a second: how long theirs take, against a calm server. */
import { performance } from 'node:perf_hooks';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runBundle, type BundleProcess } from '../server/running-bundle.ts';
import { sampleSections } from '../server/sample-sections.ts';
import { untilHealth } from '../server/start-server.ts';
import { startVendors, writeBook, type Vendors } from '../server/vendors.ts';

let vendors: Vendors;
let server: BundleProcess;

beforeAll(async () => {
  vendors = await startVendors();
  await writeBook(vendors, sampleSections);
  server = await runBundle({ ...vendors.environment, CHAT_DAILY_BUDGET: '100000' });
  await untilHealth(server.url, 'healthy');
});
afterAll(async () => {
  await server.close();
  await vendors.close();
});

let number = 0;

async function ask(address: string, origin: string): Promise<{ status: number; ms: number }> {
  number += 1;
  const startedAt = performance.now();
  const response = await fetch(`${server.url}/api/chat`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin, 'x-forwarded-for': address },
    body: JSON.stringify({ message: `How far does lidar number ${number} measure?`, stream: true }),
  });
  await response.text();
  return { status: response.status, ms: performance.now() - startedAt };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Forty honest questions, one after the other, each from a reader of their own; the 95th percentile in milliseconds. */
async function honestPercentile(network: number): Promise<number> {
  const times: number[] = [];
  for (let at = 0; at < 40; at += 1) {
    const { status, ms } = await ask(`203.${network}.113.${at + 1}`, 'https://book.example');
    expect(status).toBe(200);
    times.push(ms);
    await pause(100);
  }
  return times.sort((a, b) => a - b)[Math.floor(times.length * 0.95)] ?? Number.POSITIVE_INFINITY;
}

test.each([
  ['of other sites', 'https://evil.example'],
  ['that claim to be the book’s, from 250 addresses', 'https://book.example'],
])('a hundred questions a second %s leave honest readers theirs', async (_, origin) => {
  await honestPercentile(1);
  const calm = await honestPercentile(2);
  const attackEnds = new AbortController();
  const replies: Promise<unknown>[] = [];
  const attack = (async () => {
    while (!attackEnds.signal.aborted) {
      for (let at = 0; at < 10; at += 1)
        replies.push(ask(`198.51.100.${number % 250}`, origin).catch(() => null));
      await pause(100);
    }
  })();
  const attacked = await honestPercentile(3);
  attackEnds.abort();
  await attack;
  await Promise.all(replies);
  expect(replies.length).toBeGreaterThan(200);
  expect(attacked).toBeLessThanOrEqual(Math.max(1.5 * calm, 250));
});
