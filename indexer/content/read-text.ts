import { isUtf8 } from 'node:buffer';
import { readFile, stat } from 'node:fs/promises';
import { UnreadablePage } from './unreadable-page.ts';

/** Bytes. */
const maxBytes = 10_000_000;

/**
 * A file's text as a build takes it: UTF-8, with or without its mark. What is no UTF-8 is a warning, as it is in a
 * browser. Line ends are those of a checkout on Linux: the same page from Windows must not be embedded anew.
 * Throws PageUnread.
 */
export async function readText(path: string): Promise<{ text: string; warning: string | null }> {
  const bytes = await readBytes(path);
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff))
    throw new UnreadablePage('it is written in UTF-16; save it as UTF-8');
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
  const isClean = !text.includes('\0') && (!text.includes('\uFFFD') || isUtf8(bytes));
  return {
    text: text.replaceAll('\0', '\uFFFD').replaceAll(/\r\n?/g, '\n'),
    warning: isClean ? null : 'has characters that are no UTF-8, shown as \uFFFD; save it as UTF-8',
  };
}

async function readBytes(path: string): Promise<Buffer> {
  try {
    const { size } = await stat(path);
    if (size > maxBytes) throw new UnreadablePage(`it is larger than ${maxBytes / 1e6} MB; split it`);
    return await readFile(path);
  } catch (error) {
    if (error instanceof UnreadablePage) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new UnreadablePage(`it could not be opened (${code})`);
  }
}
