/** Every text function takes linear time, whatever a reader, a page or a model writes, and none stops the process. */
import { performance } from 'node:perf_hooks';
import { expect, test } from 'vitest';
import { slowShapes } from './slow-shapes.ts';
import { textFunctions } from './text-functions.ts';

const sizes = [10_000, 20_000, 40_000, 80_000];
/** Doublings of less than this are noise, in milliseconds. */
const noiseMs = 5;
const maxGrowth = 2.3;
const maxStandstillMs = 50;

/** The least processor time of some runs, in milliseconds. */
function processorTime(work: () => unknown, runs: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let run = 0; run < runs; run += 1) {
    const before = process.cpuUsage();
    const started = performance.now();
    work();
    const { user, system } = process.cpuUsage(before);
    // The collector's threads count as processor time, too.
    least = Math.min(least, (user + system) / 1000, performance.now() - started);
  }
  return least;
}

test.each(Object.entries(textFunctions))('%s is linear', (functionName, work) => {
  const slow: unknown[] = [];
  for (const { name, text } of slowShapes) {
    const times: number[] = [];
    for (const size of sizes) {
      const input = text(size);
      times.push(processorTime(() => work(input), 1));
      const [before = 0, now = 0] = times.slice(-2);
      if (times.length < 2 || now < noiseMs || now / before <= maxGrowth) continue;
      // What looks slow is measured again, five times.
      const again = [size / 2, size].map((length) => processorTime(() => work(text(length)), 5));
      const [least = 0, most = 0] = again;
      if (most >= noiseMs && most / least > maxGrowth) slow.push({ name, size, least, most });
      if (most > 2_000) break;
    }
    // The server reads an answer in slices, and lets other requests have a turn in between.
    const large = text(/filter|citations/.test(functionName) ? 2_000 : 100_000);
    const standstill = processorTime(() => work(large), 1);
    if (standstill < maxStandstillMs) continue;
    const least = processorTime(() => work(large), 4);
    if (least >= maxStandstillMs) slow.push({ name, standstill: least });
  }
  expect(slow).toEqual([]);
});
