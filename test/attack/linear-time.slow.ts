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

/** The least processor time of some runs for each of the inputs, in milliseconds; runs of the inputs alternate. */
function processorTimes(work: (input: string) => unknown, inputs: readonly string[], runs: number): number[] {
  const least = inputs.map(() => Number.POSITIVE_INFINITY);
  for (let run = 0; run < runs; run += 1)
    for (const [at, input] of inputs.entries()) {
      const before = process.cpuUsage();
      const started = performance.now();
      work(input);
      const { user, system } = process.cpuUsage(before);
      // The collector's threads count as processor time, too.
      const time = Math.min((user + system) / 1000, performance.now() - started);
      least[at] = Math.min(least[at] ?? time, time);
    }
  return least;
}

/** Measures until `isSlow` denies it, eight times five runs at most: other programs of the machine share its caches. */
function measureAgain(measure: () => number[], isSlow: (times: number[]) => boolean): number[] | null {
  let times = measure();
  for (let attempt = 1; attempt < 8 && isSlow(times); attempt += 1) times = measure();
  return isSlow(times) ? times : null;
}

const growsTooFast = ([before = 0, now = 0]: number[]): boolean => now >= noiseMs && now / before > maxGrowth;
const isStandstill = ([time = 0]: number[]): boolean => time >= maxStandstillMs;

test.each(Object.entries(textFunctions))('%s is linear', (functionName, work) => {
  const slow: unknown[] = [];
  for (const { name, text } of slowShapes) {
    const inputs = sizes.map(text);
    const times = processorTimes(work, inputs, 1);
    for (let at = 1; at < sizes.length; at += 1) {
      if (!growsTooFast(times.slice(at - 1, at + 1))) continue;
      // What looks slow is measured again, five times.
      const pair = inputs.slice(at - 1, at + 1);
      const again = measureAgain(() => processorTimes(work, pair, 5), growsTooFast);
      if (again !== null) slow.push({ name, size: sizes[at], times: again });
    }
    // The server reads an answer in slices, and lets other requests have a turn in between; a widget draws for one reader.
    const large = text(/filter|citations|widget/.test(functionName) ? 2_000 : 100_000);
    if (!isStandstill(processorTimes(work, [large], 1))) continue;
    const standstill = measureAgain(() => processorTimes(work, [large], 5), isStandstill);
    if (standstill !== null) slow.push({ name, standstill });
  }
  expect(slow).toEqual([]);
});
