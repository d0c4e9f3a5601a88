import { readFile } from 'node:fs/promises';

/** A text file's text: UTF-8, or UTF-16 with its mark in front, as `>` of Windows PowerShell writes it. Rejects as readFile does. */
export async function readText(path: string): Promise<string> {
  const bytes = await readFile(path);
  const [first, second] = bytes;
  const isLittle = first === 0xff && second === 0xfe;
  const isBig = first === 0xfe && second === 0xff;
  return new TextDecoder(isLittle ? 'utf-16le' : isBig ? 'utf-16be' : 'utf-8').decode(bytes);
}
