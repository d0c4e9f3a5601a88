import { expect, test } from 'vitest';
import type { MessageToStore, ConversationStore } from '../../../../server/chat/ports.ts';
import { MessageStore, type NewMessage } from '../../../../server/chat/conversation/message-store.ts';
import { ServerFailure } from '../../../../server/failure.ts';

const maxPending = 1_000;
const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function messageOf(number: number): NewMessage {
  return {
    id: `message-${number}`,
    conversationId: 'a',
    turnId: `message-${number}`,
    role: 'user',
    content: `${number}`,
    sources: null,
    status: 'complete',
  };
}

/** A database in memory that can be down; it always rejects a batch with one of the ids in `refuses`. */
function memoryStore({ refuses = [] }: { refuses?: readonly string[] } = {}) {
  const calls: string[][] = [];
  const rows: MessageToStore[] = [];
  const state = { isDown: false };
  const store: ConversationStore = {
    async storeAll({ messages }) {
      calls.push(messages.map(({ id }) => id));
      await Promise.resolve();
      const isRefused = messages.some(({ id }) => refuses.includes(id));
      const code = state.isDown ? 'postgres-unreachable' : isRefused ? 'postgres-failed' : null;
      if (code !== null) throw new ServerFailure({ code, message: 'It did not work.', remedy: '' });
      rows.push(...messages);
    },
    messages: () => Promise.resolve(new Map()),
    close: () => Promise.resolve(),
  };
  return { store, rows, calls, state };
}

function storeMessages(store: ConversationStore) {
  const logged: unknown[] = [];
  const waits: (() => void)[] = [];
  const messages = new MessageStore({
    store,
    maxPending,
    now: () => new Date(0),
    sleep: () => new Promise<void>((resolve) => waits.push(() => resolve())),
    log: (failure) => logged.push(failure),
  });
  /** Ends every pause, until no message is pending. */
  const settle = async (): Promise<void> => {
    for (let round = 0; messages.backlog.pending > 0 && round < 10_000; round += 1) {
      for (const wake of waits.splice(0)) wake();
      await tick();
    }
  };
  const losses = (): string[] =>
    logged.flatMap((failure) =>
      failure instanceof ServerFailure && failure.code === 'messages-lost' ? [failure.message] : [],
    );
  return { messages, logged, losses, settle, waits };
}

test('while the database is down, messages are queued; a full queue drops the oldest, counted and named in the log', async () => {
  const { store, rows, state } = memoryStore();
  state.isDown = true;
  const { messages, losses, settle } = storeMessages(store);
  for (let number = 0; number < maxPending + 20; number += 1) messages.add(messageOf(number));
  await tick();
  const { pending, lost } = messages.backlog;
  expect(pending + lost).toBe(maxPending + 20);
  expect(lost).toBeGreaterThan(0);
  expect(messages.failure).toMatchObject({ code: 'postgres-unreachable' });
  expect(
    losses()
      .join(' ')
      .match(/message-\d+/g),
  ).toHaveLength(lost);
  state.isDown = false;
  await settle();
  expect(messages.backlog).toMatchObject({ pending: 0, lost, lostAt: new Date(0) });
  expect(messages.failure).toBeNull();
  expect(new Set(rows.map(({ id }) => id)).size).toBe(pending);
  expect(rows.map(({ id }) => id)).toContain(`message-${maxPending + 19}`);
});

test('what comes while a statement runs goes into one statement, of at most a hundred messages', async () => {
  const { store, calls, rows } = memoryStore();
  const { messages, settle } = storeMessages(store);
  for (let number = 0; number < 250; number += 1) messages.add(messageOf(number));
  await settle();
  expect(rows).toHaveLength(250);
  expect(calls.length).toBeLessThanOrEqual(5);
  expect(Math.max(...calls.map(({ length }) => length))).toBe(100);
});

test('a message that the database always rejects is given up alone, and its batch is stored', async () => {
  const { store, rows, calls } = memoryStore({ refuses: ['message-1', 'message-77'] });
  const { messages, losses, settle } = storeMessages(store);
  for (let number = 0; number < 80; number += 1) messages.add(messageOf(number));
  await settle();
  expect(rows).toHaveLength(78);
  expect(messages.backlog).toMatchObject({ pending: 0, lost: 2 });
  expect(losses()).toEqual([expect.stringContaining('message-1)'), expect.stringContaining('message-77)')]);
  expect(calls.length).toBeLessThan(30);
});

test('a database that is down is tried by one writer, with pauses, and not by all', async () => {
  const { store, calls, state } = memoryStore();
  state.isDown = true;
  const { messages } = storeMessages(store);
  for (let number = 0; number < 3; number += 1) messages.add(messageOf(number));
  await tick();
  const before = calls.length;
  for (let number = 3; number < 100; number += 1) messages.add(messageOf(number));
  await tick();
  expect(calls.length).toBe(before);
  expect(messages.backlog.lost).toBe(0);
});

test('closing ends the pause after a failure, and stores what waits', async () => {
  const { store, rows, state } = memoryStore();
  state.isDown = true;
  const { messages, waits } = storeMessages(store);
  messages.add(messageOf(1));
  await tick();
  state.isDown = false;
  const closed = messages.close({ ms: 5_000 });
  for (let round = 0; rows.length === 0 && round < 100; round += 1) await tick();
  expect(rows).toHaveLength(1);
  for (const wake of waits.splice(0)) wake();
  await closed;
  expect(messages.backlog).toMatchObject({ pending: 0, lost: 0 });
});

test('what closing could not store in its time is given up, counted and named in the log', async () => {
  const { store, state } = memoryStore();
  state.isDown = true;
  const { messages, losses } = storeMessages(store);
  for (let number = 0; number < 130; number += 1) messages.add(messageOf(number));
  await tick();
  await messages.close({ ms: 0 });
  expect(messages.backlog).toMatchObject({ pending: 0, lost: 130 });
  expect(
    losses()
      .join(' ')
      .match(/message-\d+/g),
  ).toHaveLength(130);
});

test('an answer follows its own question, although another question was asked meanwhile', () => {
  const { store, state } = memoryStore();
  state.isDown = true;
  const { messages } = storeMessages(store);
  messages.cache('a', []);
  const turn = (turnId: string, role: 'user' | 'assistant') =>
    messages.add({ ...messageOf(0), id: `${turnId}-${role}`, turnId, role, content: `${turnId} ${role}` });
  turn('t1', 'user');
  turn('t2', 'user');
  turn('t2', 'assistant');
  turn('t1', 'assistant');
  const order = ['t1 user', 't1 assistant', 't2 user', 't2 assistant'];
  expect(messages.pending('a').map(({ content }) => content)).toEqual(order);
  expect(messages.cached('a')?.map(({ text }) => text)).toEqual(order);
});

test('a message that is added while the last writers stop is stored like any other', async () => {
  for (let moment = 0; moment < 20; moment += 1) {
    const rows: string[] = [];
    let answer = (): void => undefined;
    const stored = new Promise<void>((resolve) => (answer = resolve));
    const store: ConversationStore = {
      storeAll: ({ messages }) => stored.then(() => void rows.push(...messages.map(({ id }) => id))),
      messages: () => Promise.resolve(new Map()),
      close: () => Promise.resolve(),
    };
    const { messages } = storeMessages(store);
    for (const number of [1, 2, 3]) messages.add(messageOf(number));
    await tick();
    answer();
    for (let step = 0; step < moment; step += 1) await Promise.resolve();
    messages.add(messageOf(4));
    for (let round = 0; round < 5; round += 1) await tick();
    expect([moment, rows.length, messages.backlog.pending]).toEqual([moment, 4, 0]);
  }
});
