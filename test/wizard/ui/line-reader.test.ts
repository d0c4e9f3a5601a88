import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { createLineReader } from '../../../wizard/ui/line-reader.ts';

const { signal } = new AbortController();

function typistAt() {
  const stdin = Object.assign(new PassThrough(), { setRawMode: () => stdin }) as unknown as NodeJS.ReadStream;
  let screen = '';
  const write = (text: string): void => void (screen += text);
  const typist = createLineReader({ stdin, write, onCancel: () => undefined });
  typist.open();
  const type = async (chunk: string): Promise<void> => {
    stdin.push(chunk);
    await new Promise(setImmediate);
  };
  return { typist, type, screen: () => screen };
}

it('what is said while somebody types stands above the line, which comes again with what was typed', async () => {
  const { typist, type, screen } = typistAt();
  const typed = typist.read({ masked: false, signal });
  await type('ana/b');
  typist.print('✓ Vercel accepted\n');
  await type('\r');
  expect(await typed).toEqual({ text: 'ana/b', end: 'enter' });
  typist.print('after\n');
  expect(screen()).toBe('> ana/b\n✓ Vercel accepted\n> ana/b\nafter\n');
});

it('of a key only its length comes again', async () => {
  const { typist, type, screen } = typistAt();
  const typed = typist.read({ masked: true, signal });
  await type('a-secret-key');
  typist.print('✓ Vercel accepted\n');
  await type('\r');
  await typed;
  expect(screen()).toMatch(/accepted\n> received 12 characters; Enter goes on \n$/);
  expect(screen()).not.toContain('secret');
});
