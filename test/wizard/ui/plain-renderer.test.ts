import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createPlainRenderer } from '../../../wizard/ui/plain-renderer.ts';

beforeEach(() => vi.useFakeTimers({ now: 0 }));
afterEach(() => vi.useRealTimers());

it('a long wait says every half minute that it is alive: each step, its time, and when it last changed', async () => {
  let said = '';
  const stdout = new PassThrough();
  stdout.on('data', (piece: Buffer) => (said += piece.toString()));
  const renderer = createPlainRenderer({
    stdin: new PassThrough() as unknown as NodeJS.ReadStream,
    stdout: stdout as unknown as NodeJS.WriteStream,
    now: Date.now,
    canAsk: false,
  });
  const index = { step: 'index-book', service: 'qdrant' } as const;
  const build = { step: 'await-build', service: 'huggingface' } as const;
  renderer.show({ type: 'step-started', ...index });
  renderer.show({ type: 'step-started', ...build, lastMs: 100_000 });
  vi.advanceTimersByTime(29_000);
  expect(said).not.toContain('Still at it');
  renderer.show({ type: 'step-progress', ...index, done: 64, total: 302, note: '' });
  vi.advanceTimersByTime(1_000);
  expect(said.split('\n').slice(-3)).toEqual([
    'Still at it: 1 of 2  Index the book, 0:30',
    'Still at it: 2 of 2  Wait for the build, 0:30 (last time 1:40), last change 30 s ago',
    '',
  ]);
  renderer.show({ type: 'step-done', ...index, outcome: 'changed', reason: '', ms: 31_000 });
  renderer.show({ type: 'step-done', ...build, outcome: 'changed', reason: '', ms: 31_000 });
  said = '';
  vi.advanceTimersByTime(60_000);
  expect(said).toBe('');
  vi.useRealTimers();
  await renderer.close();
});
