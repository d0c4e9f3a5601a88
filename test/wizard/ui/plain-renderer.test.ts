import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createPlainRenderer } from '../../../wizard/ui/plain-renderer.ts';

beforeEach(() => vi.useFakeTimers({ now: 0 }));
afterEach(() => vi.useRealTimers());

it('prints the running steps every half minute: their time, and when they last changed', async () => {
  let output = '';
  const stdout = new PassThrough();
  stdout.on('data', (piece: Buffer) => (output += piece.toString()));
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
  expect(output).not.toContain('Still running');
  renderer.show({ type: 'step-progress', ...index, done: 64, total: 302, note: '' });
  vi.advanceTimersByTime(1_000);
  expect(output.split('\n').slice(-3)).toEqual([
    'Still running: 1 of 2  Index the book, 0:30',
    'Still running: 2 of 2  Wait for the build, 0:30 (last time 1:40), last change 30 s ago',
    '',
  ]);
  renderer.show({ type: 'step-done', ...index, outcome: 'changed', reason: '', ms: 31_000 });
  renderer.show({ type: 'step-done', ...build, outcome: 'changed', reason: '', ms: 31_000 });
  output = '';
  vi.advanceTimersByTime(60_000);
  expect(output).toBe('');
  vi.useRealTimers();
  await renderer.close();
});
