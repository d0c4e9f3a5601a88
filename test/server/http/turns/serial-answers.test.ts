import type { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { SerialAnswers } from '../../../../server/http/turns/serial-answers.ts';

const socketOf = (destroyed = false): Socket => ({ destroyed }) as Socket;
const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('questions on one connection are answered one after the other, those of others meanwhile', async () => {
  const serial = new SerialAnswers();
  const [socket, other] = [socketOf(), socketOf()];
  let open = 0;
  let most = 0;
  const ends: (() => void)[] = [];
  const answer = async (): Promise<void> => {
    most = Math.max(most, (open += 1));
    await new Promise<void>((resolve) => ends.push(resolve));
    open -= 1;
  };
  const all = [socket, socket, socket].map((own) => serial.run(own, answer));
  await tick();
  expect(open).toBe(1);
  const elsewhere = serial.run(other, answer);
  await tick();
  expect(open).toBe(2);
  for (let round = 0; round < 8; round += 1) {
    for (const end of ends.splice(0)) end();
    await tick();
  }
  await Promise.all([...all, elsewhere]);
  expect(most).toBe(2);
});

test('an answer that fails does not stop the next one, and a closed connection gets none', async () => {
  const serial = new SerialAnswers();
  const socket = socketOf();
  const failing = serial.run(socket, () => Promise.reject(new Error('failed')));
  const next = serial.run(socket, () => Promise.resolve('answered'));
  await expect(failing).rejects.toThrow('failed');
  expect(await next).toBe('answered');
  await expect(serial.run(socketOf(true), () => Promise.resolve('spent'))).rejects.toMatchObject({
    code: 'reader-left',
  });
});

test('a client that sends a hundred questions at once is refused', async () => {
  const serial = new SerialAnswers();
  const socket = socketOf();
  let end = (): void => undefined;
  const held = new Promise<void>((resolve) => (end = resolve));
  const all = Array.from({ length: 100 }, () => serial.run(socket, () => held).catch(() => 'refused'));
  end();
  expect((await Promise.all(all)).filter((result) => result === 'refused')).toHaveLength(92);
});
