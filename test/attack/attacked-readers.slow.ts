/**
 * Honest readers beside a hundred attacking questions a second: how long theirs take, against a calm server that is asked
 * in turn with the attacked one, so that whatever else the machine does slows both. Times are those of the asked server's
 * own clock, which stops while its thread waits for a core.
 */
import { performance } from 'node:perf_hooks';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { coreWaits } from '../server/core-waits.ts';
import { runBundle, type BundleProcess } from '../server/running-bundle.ts';
import { sampleSections } from '../server/sample-sections.ts';
import { untilHealth } from '../server/start-server.ts';
import { startVendors, writeBook, type Vendors } from '../server/vendors.ts';

let vendors: Vendors;
let calm: BundleProcess;
let attacked: BundleProcess;

beforeAll(async () => {
  vendors = await startVendors();
  await writeBook(vendors, sampleSections);
  const start = () => runBundle({ ...vendors.environment, CHAT_DAILY_BUDGET: '100000' });
  [calm, attacked] = await Promise.all([start(), start()]);
  for (const { url } of [calm, attacked]) await untilHealth(url, 'healthy');
});
afterAll(async () => {
  await Promise.all([calm.close(), attacked.close()]);
  await vendors.close();
});

const clockOf = ({ pid }: BundleProcess): number => performance.now() - coreWaits(pid);

let number = 0;

async function ask(
  server: BundleProcess,
  { address, origin }: { address: string; origin: string },
): Promise<{ status: number; ms: number }> {
  number += 1;
  const startedAt = clockOf(server);
  const response = await fetch(`${server.url}/api/chat`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin, 'x-forwarded-for': address },
    body: JSON.stringify({ message: `How far does lidar number ${number} measure?`, stream: true }),
  });
  await response.text();
  return { status: response.status, ms: clockOf(server) - startedAt };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const percentile = (times: number[]): number =>
  times.sort((a, b) => a - b)[Math.floor(times.length * 0.95)] ?? Number.POSITIVE_INFINITY;

/** Forty honest questions to each server, one after the other, each from a reader of their own: the 95th percentiles. */
async function honestPercentiles(network: number): Promise<{ calm: number; attacked: number }> {
  const times = { calm: [] as number[], attacked: [] as number[] };
  for (let at = 0; at < 40; at += 1)
    for (const [name, server] of Object.entries({ calm, attacked })) {
      const reader = { address: `203.${network}.113.${at + 1}`, origin: 'https://book.example' };
      const { status, ms } = await ask(server, reader);
      expect(status).toBe(200);
      times[name === 'calm' ? 'calm' : 'attacked'].push(ms);
      await pause(50);
    }
  return { calm: percentile(times.calm), attacked: percentile(times.attacked) };
}

test.each([
  ['of other sites', 'https://evil.example'],
  ['that claim to be the book’s, from 250 addresses', 'https://book.example'],
])('a hundred questions a second %s leave honest readers theirs', async (_, origin) => {
  await honestPercentiles(1);
  const attackEnds = new AbortController();
  const replies: Promise<unknown>[] = [];
  const attack = (async () => {
    while (!attackEnds.signal.aborted) {
      for (let at = 0; at < 10; at += 1)
        replies.push(ask(attacked, { address: `198.51.100.${number % 250}`, origin }).catch(() => null));
      const next = clockOf(attacked) + 100;
      while (clockOf(attacked) < next) await pause(5);
    }
  })();
  const slow = await honestPercentiles(2);
  attackEnds.abort();
  await attack;
  await Promise.all(replies);
  expect(replies.length).toBeGreaterThan(200);
  process.stdout.write(
    `attacked-readers: p95 ${slow.calm.toFixed(0)} ms calm, ${slow.attacked.toFixed(0)} attacked\n`,
  );
  expect(slow.attacked).toBeLessThanOrEqual(Math.max(1.5 * slow.calm, 250));
});
