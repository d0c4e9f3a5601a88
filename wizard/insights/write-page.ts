import { writeFile } from 'node:fs/promises';
import { Failure } from '../model/failure.ts';

/** Throws Failure `file-not-writable`. */
export async function writePage(file: string, page: string): Promise<void> {
  await writeFile(file, page).catch((cause: unknown) => {
    throw new Failure({
      code: 'file-not-writable',
      message: `${file} could not be written (${String(Reflect.get(Object(cause), 'code') ?? cause)}).`,
      remedy: 'Name a file in a folder that exists and that you may write to.',
      cause,
    });
  });
}
