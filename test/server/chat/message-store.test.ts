import { expect, test } from 'vitest';
import type { MessageToStore, ConversationStore } from '../../../server/chat/ports.ts';
import { MessageStore, type NewMessage } from '../../../server/chat/message-store.ts';
import { ServerFailure } from '../../../server/failure.ts';

const maxQueueLength = 1_000;

function messageOf(number: number): NewMessage {
  return {
    id: `message-${number}`,
    conversationId: 'a',
    role: 'user',
    content: `${number}`,
    sources: null,
    status: 'complete',
  };
}

/** A database in memory that can be down; it always rejects the ids in `refuses`. */
function memoryStore({ refuses = [] }: { refuses?: readonly string[] } = {}) {
  const calls: string[] = [];
  const rows: MessageToStore[] = [];
  const state = { isDown: false };
  const store: ConversationStore = {
    async store({ message }) {
      calls.push(message.id);
      await Promise.resolve();
      const code = state.isDown
        ? 'postgres-unreachable'
        : refuses.includes(message.id)
          ? 'postgres-failed'
          : null;
      if (code !== null) throw new ServerFailure({ code, message: 'It did not work.', remedy: '' });
      rows.push(message);
    },
    messages: () => Promise.resolve([]),
    close: () => Promise.resolve(),
  };
  return { store, rows, calls, state };
}

function storeMessages(store: ConversationStore) {
  const logged: unknown[] = [];
  const waits: (() => void)[] = [];
  const messages = new MessageStore({
    store,
    now: () => new Date(0),
    sleep: () => new Promise((resolve) => waits.push(resolve)),
    log: (failure) => logged.push(failure),
  });
  /** Ends every pause, until no message is pending. */
  const settle = async (): Promise<void> => {
    for (let round = 0; messages.backlog.pending > 0 && round < 10_000; round += 1) {
      for (const wake of waits.splice(0)) wake();
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { messages, logged, settle };
}

test('while the database is down, messages are queued; a full queue drops the oldest, which is counted', async () => {
  const { store, rows, state } = memoryStore();
  state.isDown = true;
  const { messages, settle } = storeMessages(store);
  for (let number = 0; number < maxQueueLength + 20; number += 1) messages.add(messageOf(number));
  await new Promise((resolve) => setImmediate(resolve));
  const { pending, lost } = messages.backlog;
  expect(pending + lost).toBe(maxQueueLength + 20);
  expect(lost).toBeGreaterThan(0);
  expect(pending).toBeLessThanOrEqual(maxQueueLength + 3);
  state.isDown = false;
  await settle();
  expect(messages.backlog).toEqual({ pending: 0, lost });
  expect(rows).toHaveLength(pending);
  expect(new Set(rows.map(({ id }) => id)).size).toBe(pending);
  expect(rows.map(({ id }) => id)).toContain(`message-${maxQueueLength + 19}`);
});

test('a message that the database always rejects is dropped, and does not block the others', async () => {
  const { store, rows, calls } = memoryStore({ refuses: ['message-1'] });
  const { messages, logged, settle } = storeMessages(store);
  for (let number = 0; number < 3; number += 1) messages.add(messageOf(number));
  await settle();
  expect(rows.map(({ id }) => id)).toEqual(['message-0', 'message-2']);
  expect(calls.filter((id) => id === 'message-1')).toHaveLength(1);
  expect(messages.backlog).toEqual({ pending: 0, lost: 1 });
  expect(logged).toHaveLength(1);
});

test('a database that is down is tried by one worker, with pauses, and not by all', async () => {
  const { store, calls, state } = memoryStore();
  state.isDown = true;
  const { messages } = storeMessages(store);
  for (let number = 0; number < 3; number += 1) messages.add(messageOf(number));
  await new Promise((resolve) => setImmediate(resolve));
  const before = calls.length;
  for (let number = 3; number < 100; number += 1) messages.add(messageOf(number));
  await new Promise((resolve) => setImmediate(resolve));
  expect(calls.length).toBe(before);
  expect(messages.backlog.lost).toBe(0);
});

test('a message that is added while the last workers stop is stored like any other', async () => {
  for (let moment = 0; moment < 20; moment += 1) {
    const rows: string[] = [];
    let answer = (): void => undefined;
    const stored = new Promise<void>((resolve) => (answer = resolve));
    const store: ConversationStore = {
      store: ({ message }) => stored.then(() => void rows.push(message.id)),
      messages: () => Promise.resolve([]),
      close: () => Promise.resolve(),
    };
    const { messages } = storeMessages(store);
    for (const number of [1, 2, 3]) messages.add(messageOf(number));
    await new Promise((resolve) => setImmediate(resolve));
    answer();
    for (let tick = 0; tick < moment; tick += 1) await Promise.resolve();
    messages.add(messageOf(4));
    for (let round = 0; round < 5; round += 1) await new Promise((resolve) => setImmediate(resolve));
    expect([moment, rows.length, messages.backlog.pending]).toEqual([moment, 4, 0]);
  }
});
