import { expect, test } from 'vitest';
import { AttackWatch } from '../../../../server/http/limits/attack-watch.ts';

/** Counts `perWindow` questions in each of `windows` windows of ten seconds; the verdicts of the last window. */
function run(watch: AttackWatch, clock: { now: number }, perWindow: number, windows: number): boolean[] {
  let verdicts: boolean[] = [];
  for (let window = 0; window < windows; window += 1) {
    verdicts = Array.from({ length: perWindow }, () => watch.count());
    clock.now += 10_000;
  }
  return verdicts;
}

test('a class of readers at once is no attack, a thousand questions in ten seconds are one', () => {
  const clock = { now: 0 };
  const watch = new AttackWatch(() => clock.now);
  expect(run(watch, clock, 200, 1)).not.toContain(true);
  expect(run(watch, clock, 1_000, 1).filter(Boolean)).toHaveLength(800);
});

test('an attack ends after a calm minute, and does not become what is usual', () => {
  const clock = { now: 0 };
  const watch = new AttackWatch(() => clock.now);
  expect(run(watch, clock, 1_000, 100)).not.toContain(false);
  expect(run(watch, clock, 5, 5)).not.toContain(false);
  expect(run(watch, clock, 5, 2)).not.toContain(true);
  expect(run(watch, clock, 1_000, 1)).toContain(true);
});

test('a busy site has a higher threshold', () => {
  const clock = { now: 0 };
  const watch = new AttackWatch(() => clock.now);
  run(watch, clock, 150, 300);
  expect(run(watch, clock, 1_000, 1)).not.toContain(true);
  expect(run(watch, clock, 2_000, 1)).toContain(true);
});

test('a clock that is set back ends no count for ever', () => {
  const clock = { now: 1_000_000 };
  const watch = new AttackWatch(() => clock.now);
  run(watch, clock, 1_000, 1);
  clock.now = 0;
  run(watch, clock, 1, 10);
  expect(watch.count()).toBe(false);
});
