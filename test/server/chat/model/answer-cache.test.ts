import { expect, test } from 'vitest';
import { AnswerCache, normaliseQuestion } from '../../../../server/chat/model/answer-cache.ts';
import type { LadderChunk } from '../../../../server/chat/model/model-ladder.ts';

const clock = { now: 0 };

/** A model whose answers wait to be ended. */
function modelOf({ reason = 'complete' as const, fails = false as boolean } = {}) {
  const calls: { end: () => void; signal: AbortSignal }[] = [];
  async function* open(signal: AbortSignal): AsyncGenerator<LadderChunk> {
    const call = { end: (): void => undefined, signal };
    const ended = new Promise<void>((resolve) => (call.end = resolve));
    calls.push(call);
    yield { type: 'text', text: `answer ${calls.length}` };
    await ended;
    if (fails) throw new Error('broken');
    yield { type: 'end', reason };
  }
  return { open, calls };
}

async function textOf(chunks: AsyncIterable<LadderChunk>): Promise<string> {
  let text = '';
  for await (const chunk of chunks) if (chunk.type === 'text') text += chunk.text;
  return text;
}

const signal = new AbortController().signal;
const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('readers who ask at once share one call, and later ones its answer, for ten minutes', async () => {
  const cache = new AnswerCache({ now: () => clock.now });
  const { open, calls } = modelOf();
  const read = (isFresh = false) => textOf(cache.read('k', { open, isFresh, signal }));
  const first = [read(), read()];
  await tick();
  calls[0]!.end();
  expect(await Promise.all(first)).toEqual(['answer 1', 'answer 1']);
  expect(await read()).toBe('answer 1');
  const again = read(true);
  await tick();
  calls[1]!.end();
  expect(await again).toBe('answer 2');
  clock.now += 601_000;
  const later = read();
  await tick();
  calls[2]!.end();
  expect(await later).toBe('answer 3');
});

test('an answer that failed is shared by those who wait for it, and not kept', async () => {
  const cache = new AnswerCache();
  const { open, calls } = modelOf({ fails: true });
  const read = () => textOf(cache.read('k', { open, isFresh: false, signal }));
  const both = [read(), read()].map((text) => text.catch(() => 'failed'));
  await tick();
  calls[0]!.end();
  expect(await Promise.all(both)).toEqual(['failed', 'failed']);
  void read().catch(() => undefined);
  await tick();
  expect(calls).toHaveLength(2);
  calls[1]!.end();
});

test('the call is stopped when its last reader leaves, and not before', async () => {
  const cache = new AnswerCache();
  const { open, calls } = modelOf();
  const [stay, leave] = [new AbortController(), new AbortController()];
  const read = ({ signal: own }: AbortController) =>
    textOf(cache.read('k', { open, isFresh: false, signal: own })).catch(() => 'left');
  const texts = [read(stay), read(leave)];
  await tick();
  leave.abort();
  await tick();
  expect(calls[0]!.signal.aborted).toBe(false);
  stay.abort();
  expect(await Promise.all(texts)).toEqual(['left', 'left']);
  expect(calls[0]!.signal.aborted).toBe(true);
});

test.each(['alone', 'beside another'])(
  'a call that its reader stopped, %s, is not shared later',
  async (place) => {
    const cache = new AnswerCache();
    const { open, calls } = modelOf();
    const stopped = new AbortController();
    const read = (own: AbortSignal) => textOf(cache.read('k', { open, isFresh: false, signal: own }));
    const hung = read(stopped.signal).catch(() => 'left');
    const other = place === 'alone' ? null : read(signal);
    await tick();
    stopped.abort();
    expect(await hung).toBe('left');
    const later = read(signal);
    await tick();
    expect(calls).toHaveLength(2);
    for (const call of calls) call.end();
    expect(await later).toBe('answer 2');
    expect(await other).toBe(other === null ? null : 'answer 1');
  },
);

test('spelling, spacing and the marks at the end do not make another question', () => {
  expect(normaliseQuestion('  What  is\na LIDAR?? ')).toBe(normaliseQuestion('what is a lidar'));
  expect(normaliseQuestion('Enable 2FA?')).not.toBe(normaliseQuestion('Disable 2FA?'));
});
