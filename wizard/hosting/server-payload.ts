import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../model/failure.ts';

export type PayloadFile = {
  /** Path at the vendor. */
  path: string;
  content: Buffer;
  sha256: string;
};

/** The files that a server is made of. */
export type ServerPayload = {
  files: readonly PayloadFile[];
  /** SHA-256 over paths and contents, hex. */
  digest: string;
};

export function payloadOf(files: readonly PayloadFile[]): ServerPayload {
  return { files, digest: digestOf(files) };
}

export function payloadFile(path: string, content: Buffer): PayloadFile {
  return { path, content, sha256: createHash('sha256').update(content).digest('hex') };
}

/** SHA-256 over paths and contents, hex: of what is to be uploaded, or of what is there. */
export function digestOf(files: readonly Pick<PayloadFile, 'path' | 'sha256'>[]): string {
  const digest = createHash('sha256');
  for (const file of files.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
    digest.update(`${file.path}\0${file.sha256}\n`);
  }
  return digest.digest('hex');
}

/** A file of this installation. Throws Failure `payload-missing` when the package is incomplete. */
export async function readShippedFile(folder: string, path: string): Promise<Buffer> {
  return readFile(join(folder, path)).catch((cause: unknown) => {
    throw new Failure({
      kind: 'bug',
      code: 'payload-missing',
      message: `The server’s file ${path} is not part of this installation.`,
      remedy: 'Install rag-space-setup again; from a checkout, run "npm run build" first.',
      cause,
    });
  });
}
