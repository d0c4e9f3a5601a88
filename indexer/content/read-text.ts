import { isUtf8 } from 'node:buffer';
import { readFile, stat } from 'node:fs/promises';
import { UnreadablePage } from './deadline.ts';

const maxBytes = 10_000_000;

/**
 * Reads a page's file as a build would: UTF-8, with or without a byte order mark. Bytes that are not UTF-8 become
 * U+FFFD, with a warning. Line ends are normalised to `\n`, so that a checkout on Windows is not embedded again.
 * Throws UnreadablePage.
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
    warning: isClean ? null : 'has characters that are not UTF-8, shown as \uFFFD; save it as UTF-8',
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
