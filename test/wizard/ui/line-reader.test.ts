import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { createLineReader } from '../../../wizard/ui/line-reader.ts';

const { signal } = new AbortController();

function openReader() {
  const stdin = Object.assign(new PassThrough(), { setRawMode: () => stdin }) as unknown as NodeJS.ReadStream;
  let screen = '';
  const write = (text: string): void => void (screen += text);
  const reader = createLineReader({ stdin, write, onCancel: () => undefined });
  reader.open();
  const type = async (chunk: string): Promise<void> => {
    stdin.push(chunk);
    await new Promise(setImmediate);
  };
  return { reader, type, screen: () => screen };
}

it('writes output above a line that is being typed, and then the line again', async () => {
  const { reader, type, screen } = openReader();
  const line = reader.read({ masked: false, signal });
  await type('ana/b');
  reader.print('✓ Vercel accepted\n');
  await type('\r');
  expect(await line).toEqual({ text: 'ana/b', end: 'enter' });
  reader.print('after\n');
  expect(screen()).toBe('> ana/b\n✓ Vercel accepted\n> ana/b\nafter\n');
});

it('repeats only the length of a masked line', async () => {
  const { reader, type, screen } = openReader();
  const line = reader.read({ masked: true, signal });
  await type('a-secret-key');
  reader.print('✓ Vercel accepted\n');
  await type('\r');
  await line;
  expect(screen()).toMatch(/accepted\n> received 12 characters; press Enter \n$/);
  expect(screen()).not.toContain('secret');
});

it('takes nothing that the terminal answers into the line', async () => {
  const { reader, type } = openReader();
  const line = reader.read({ masked: true, signal });
  for (const chunk of ['ab', '\u001B[?62;2', '2c', '\u001B]11;rgb:0/0/0\u0007c', '\r']) await type(chunk);
  expect(await line).toEqual({ text: 'abc', end: 'enter' });
});

it('takes a line and its Enter in one chunk, as a script types it', async () => {
  const { reader, type } = openReader();
  const line = reader.read({ masked: false, signal });
  await type('1\r');
  expect(await line).toEqual({ text: '1', end: 'enter' });
});

it('waits for Enter after a paste of several lines, whatever its last chunk ends with', async () => {
  const { reader, type } = openReader();
  const line = reader.read({ masked: true, signal });
  for (const chunk of ['A=1\nB=2\nC', '=3\n']) await type(chunk);
  await type('\r');
  expect(await line).toEqual({ text: 'A=1\nB=2\nC=3\n', end: 'enter' });
});
