import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../../model/failure.ts';

export type PayloadFile = {
  /** Path in the Space. */
  path: string;
  content: Buffer;
  /** SHA-1 of git's blob object, by which the Hub's tree names a file in git. */
  blobId: string;
  /** SHA-256, by which it names a file in large-file storage. */
  sha256: string;
};

export type SpacePayload = {
  files: readonly PayloadFile[];
  /** SHA-256 over paths and contents, hex. */
  digest: string;
};

/** The exact list: nothing else is read from the folder, so nothing else can leak into a Space. */
export const shippedFiles = [
  'Dockerfile',
  'LICENSE',
  'README.md',
  'server.js',
  'server.js.map',
  'mcp.js',
] as const;
/** Every file of a Space that this tool writes. */
export const serverFiles: readonly string[] = [...shippedFiles, 'book.json'];
const template = 'README.md';

/**
 * All files that the Space gets: `README.md` filled in, and `book.json` when there is a book.
 *
 * @throws Failure `payload-missing` when the folder lacks a file: the package is incomplete.
 */
export async function buildPayload({
  folder,
  fill,
  bookJson,
}: {
  folder: string;
  /** Values of the `{{name}}` placeholders in the README. */
  fill: Readonly<Record<string, string>>;
  bookJson: string | null;
}): Promise<SpacePayload> {
  const files = await Promise.all(
    shippedFiles.map(async (path) => {
      const content = await readFile(join(folder, path)).catch((cause: unknown) => {
        throw new Failure({
          kind: 'bug',
          code: 'payload-missing',
          message: `The server’s file ${path} is not part of this installation.`,
          remedy: 'Install rag-space-setup again; from a checkout, run "npm run build" first.',
          cause,
        });
      });
      return payloadFile(
        path,
        path === template ? Buffer.from(fillTemplate(content.toString('utf8'), fill)) : content,
      );
    }),
  );
  if (bookJson !== null) files.push(payloadFile('book.json', Buffer.from(bookJson)));
  return { files, digest: digestOf(files) };
}

/** SHA-256 over paths and contents, hex: of what is to be uploaded, or of what a Space has. */
export function digestOf(files: readonly Pick<PayloadFile, 'path' | 'sha256'>[]): string {
  const digest = createHash('sha256');
  for (const file of files.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
    digest.update(`${file.path}\0${file.sha256}\n`);
  }
  return digest.digest('hex');
}

/** A file with both of the ids that the Hub may know its content by. */
function payloadFile(path: string, content: Buffer): PayloadFile {
  return {
    path,
    content,
    blobId: createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex'),
    sha256: createHash('sha256').update(content).digest('hex'),
  };
}

/** Values in the YAML front matter are quoted, because a title may contain a colon. */
function fillTemplate(text: string, fill: Readonly<Record<string, string>>): string {
  const clean = (name: string): string => (fill[name] ?? '').replaceAll(/\s+/g, ' ').trim();
  return text
    .replaceAll(/^(\w+): \{\{(\w+)\}\}$/gm, (whole, key: string, name: string) =>
      name in fill ? `${key}: ${JSON.stringify(clean(name))}` : whole,
    )
    .replaceAll(/\{\{(\w+)\}\}/g, (whole, name: string) => (name in fill ? clean(name) : whole));
}
