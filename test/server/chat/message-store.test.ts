import { expect, test } from 'vitest';
import type { MessageToStore, ConversationStore } from '../../../server/chat/ports.ts';
import { MessageStore, type NewMessage } from '../../../server/chat/message-store.ts';
import { Failure } from '../../../server/failure.ts';

const longestQueue = 1_000;

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

/** A database in memory that can be away; `refuses` are ids that it will never take. */
function memoryStore({ refuses = [] }: { refuses?: readonly string[] } = {}) {
  const calls: string[] = [];
  const rows: MessageToStore[] = [];
  const state = { away: false };
  const store: ConversationStore = {
    async store({ message }) {
      calls.push(message.id);
      await Promise.resolve();
      const code = state.away
        ? 'postgres-unreachable'
        : refuses.includes(message.id)
          ? 'postgres-failed'
          : null;
      if (code !== null) throw new Failure({ code, message: 'It did not work.', remedy: '' });
      rows.push(message);
    },
    messages: () => Promise.resolve([]),
    close: () => Promise.resolve(),
  };
  return { store, rows, calls, state };
}

function turnsOf(store: ConversationStore) {
  const logged: unknown[] = [];
  const waits: (() => void)[] = [];
  const turns = new MessageStore({
    store,
    now: () => new Date(0),
    sleep: () => new Promise((resolve) => waits.push(resolve)),
    log: (failure) => logged.push(failure),
  });
  /** Ends every pause that is under way, until nothing waits any more. */
  const settle = async (): Promise<void> => {
    for (let round = 0; turns.backlog.waiting > 0 && round < 10_000; round += 1) {
      for (const wake of waits.splice(0)) wake();
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { turns, logged, settle };
}

test('while the database is away turns wait, the oldest fall out of a full queue, and that is counted', async () => {
  const { store, rows, state } = memoryStore();
  state.away = true;
  const { turns, settle } = turnsOf(store);
  for (let number = 0; number < longestQueue + 20; number += 1) turns.add(messageOf(number));
  await new Promise((resolve) => setImmediate(resolve));
  const { waiting, lost } = turns.backlog;
  expect(waiting + lost).toBe(longestQueue + 20);
  expect(lost).toBeGreaterThan(0);
  expect(waiting).toBeLessThanOrEqual(longestQueue + 3);
  state.away = false;
  await settle();
  expect(turns.backlog).toEqual({ waiting: 0, lost });
  expect(rows).toHaveLength(waiting);
  expect(new Set(rows.map(({ id }) => id)).size).toBe(waiting);
  expect(rows.map(({ id }) => id)).toContain(`message-${longestQueue + 19}`);
});

test('a message that the database will never take is given up, and keeps nobody from being stored', async () => {
  const { store, rows, calls } = memoryStore({ refuses: ['message-1'] });
  const { turns, logged, settle } = turnsOf(store);
  for (let number = 0; number < 3; number += 1) turns.add(messageOf(number));
  await settle();
  expect(rows.map(({ id }) => id)).toEqual(['message-0', 'message-2']);
  expect(calls.filter((id) => id === 'message-1')).toHaveLength(1);
  expect(turns.backlog).toEqual({ waiting: 0, lost: 1 });
  expect(logged).toHaveLength(1);
});

test('a database that is away is asked by one worker, with pauses, and not by all', async () => {
  const { store, calls, state } = memoryStore();
  state.away = true;
  const { turns } = turnsOf(store);
  for (let number = 0; number < 3; number += 1) turns.add(messageOf(number));
  await new Promise((resolve) => setImmediate(resolve));
  const before = calls.length;
  for (let number = 3; number < 100; number += 1) turns.add(messageOf(number));
  await new Promise((resolve) => setImmediate(resolve));
  expect(calls.length).toBe(before);
  expect(turns.backlog.lost).toBe(0);
});

test('a turn that comes in the moment in which the last workers stop is stored like any other', async () => {
  for (let moment = 0; moment < 20; moment += 1) {
    const rows: string[] = [];
    let answer = (): void => undefined;
    const answered = new Promise<void>((resolve) => (answer = resolve));
    const store: ConversationStore = {
      store: ({ message }) => answered.then(() => void rows.push(message.id)),
      messages: () => Promise.resolve([]),
      close: () => Promise.resolve(),
    };
    const { turns } = turnsOf(store);
    for (const number of [1, 2, 3]) turns.add(messageOf(number));
    await new Promise((resolve) => setImmediate(resolve));
    answer();
    for (let turn = 0; turn < moment; turn += 1) await Promise.resolve();
    turns.add(messageOf(4));
    for (let round = 0; round < 5; round += 1) await new Promise((resolve) => setImmediate(resolve));
    expect([moment, rows.length, turns.backlog.waiting]).toEqual([moment, 4, 0]);
  }
});
