import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { bookJson } from '../../indexer/book-json.ts';
import type { BookSelection } from '../../indexer/book-selection.ts';
import { findBook } from '../../indexer/docusaurus/find-book.ts';
import { readBook } from '../../indexer/docusaurus/read-book.ts';
import { expectedStamp } from '../../indexer/sync/section-fingerprints.ts';
import { defaults } from '../../server/contract.ts';
import { parseSiteUrl, resolveBookLocation } from '../model/formats/book-location.ts';
import { exitCodes, Failure } from '../model/failure.ts';
import { marker } from '../hosting/fingerprint.ts';
import { buildPayload, serverFiles } from '../hosting/space/payload.ts';
import { expectChosen } from '../deployment/book/book-source.ts';
import { namedSelection } from '../deployment/book/selection-of.ts';
import { describeSite } from '../deployment/book/locate-book.ts';
import { toWizardFailure } from '../deployment/server-errors.ts';
import type { CommandResult } from '../model/run/command-result.ts';
import type { Session } from '../model/runtime.ts';

const example = '.env.example';

const runIt = `Copy .env.example to .env, fill it in, and run the server where readers reach it by https:
  node --env-file=.env server.js
or, in a container:
  docker build -t book-chat . && docker run --env-file .env -p ${defaults.port}:${defaults.port} book-chat`;

const goOn = `Then, in the book’s folder, index it and wire the frontend to the server’s address:
  npx rag-space-setup --api-url ADDRESS`;

/** Writes the server to a folder, for any host that runs a container or Node. Asks for nothing. Throws Failure. */
export async function exportServer(session: Session): Promise<CommandResult> {
  const { runtime, flags, operands, emit } = session;
  const dir = resolve(runtime.cwd, operands[0] ?? '.');
  await expectOurs(dir);
  const docs = resolveBookLocation({ cwd: runtime.cwd, typed: flags.docs ?? runtime.env['DOCS_DIR'] ?? '.' });
  const book = { dir: docs, named: flags.docs !== null, signal: runtime.signal };
  const selection = namedSelection(session);
  const [site, json] = await Promise.all([
    describeSite(book),
    bookJsonOf({ ...book, selection, now: runtime.now }),
  ]);
  const { files } = await buildPayload({
    folder: runtime.payloadDir,
    title: site?.title ?? 'Book',
    frontend: site?.url ?? 'its own site',
    version: runtime.version,
    bookJson: json,
    databaseHost: null,
  });
  await writeAll(dir, [...files, { path: example, content: environment(site?.url ?? null) }]);
  const names = [...files.map(({ path }) => path), example].join(', ');
  const say = (code: string, message: string): void => emit({ type: 'notice', code, message, remedy: '' });
  say('exported', `Written to ${dir}: ${names}`);
  say('run-it', runIt);
  say('go-on', goOn);
  return { deployment: null, exitCode: exitCodes.done };
}

/**
 * `book.json` of the folder's book as it is now, so that the server can answer before, or without, Qdrant. Null where
 * there is no folder with a book, or one too large to be bundled. Throws Failure for one that cannot be read.
 */
async function bookJsonOf(options: {
  /** Absolute, or the address of a live site. */
  dir: string;
  named: boolean;
  selection: BookSelection;
  /** Milliseconds since 1970. */
  now: () => number;
  signal: AbortSignal;
}): Promise<string | null> {
  const { named: isNamed, selection, now, signal } = options;
  if (parseSiteUrl(options.dir) !== null) return null;
  const site = await findBook(options);
  if (site === null || !(isNamed || site.kind === 'docusaurus')) return null;
  const book = await readBook({ site, selection, signal }).catch((error: unknown) => {
    throw toWizardFailure(error);
  });
  expectChosen(book, selection);
  const embedder = { model: defaults.embeddingModel, dimensions: defaults.dimensions };
  const stamp = expectedStamp({ book, embedder });
  // No section has a vector yet: the index command makes them.
  const written = { written_at: new Date(now()).toISOString(), without_vector: book.sections.length };
  return bookJson({ book, stamp: { ...stamp, ...written } });
}

/** What the machine refuses is no bug: a full disk, a folder of another user, a broken link. */
async function writeAll(
  dir: string,
  files: readonly { path: string; content: string | Uint8Array }[],
): Promise<void> {
  try {
    await mkdir(dir, { recursive: true });
    for (const { path, content } of files) await writeFile(join(dir, path), content);
  } catch (cause) {
    throw new Failure({
      code: 'folder-not-writable',
      message: `${dir} could not be written (${String(Reflect.get(Object(cause), 'code') ?? cause)}).`,
      remedy: 'Make room or get the right to write there, or name another folder; then run it again.',
      cause,
    });
  }
}

/** A folder with files that are not ours is left alone. */
async function expectOurs(dir: string): Promise<void> {
  const names = await readdir(dir).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw refused(
      dir,
      error.code === 'ENOTDIR' ? 'is a file' : `cannot be read (${error.code ?? 'unknown reason'})`,
    );
  });
  if (names.length === 0) return;
  const readme = await readFile(join(dir, 'README.md'), 'utf8').catch(() => '');
  const ours = new Set<string>([...serverFiles, example, '.env', '.git', '.dockerignore']);
  const foreign = names.filter((name) => !ours.has(name));
  if (foreign.length > 0) throw refused(dir, `holds other files (${foreign.slice(0, 3).join(', ')})`);
  if (!readme.includes(marker)) throw refused(dir, 'holds files that this tool did not write');
}

function refused(dir: string, why: string): Failure {
  return new Failure({
    kind: 'usage',
    code: 'folder-not-empty',
    message: `Nothing was written: ${dir} ${why}.`,
    remedy: 'Name a new or empty folder, or one that was exported to before.',
  });
}

/** Every variable that the server reads, with its default where it has one. */
function environment(origin: string | null): string {
  return `# Secrets: keep the filled-in copy out of git.
GEMINI_API_KEY=
QDRANT_URL=
QDRANT_API_KEY=
DATABASE_URL=

# Where the book is read, comma-separated: scheme and host only.
ALLOWED_ORIGINS=${origin ?? defaults.origins}

QDRANT_COLLECTION=${defaults.collection}
GEMINI_MODEL=${defaults.answerModel}
GEMINI_EMBEDDING_MODEL=${defaults.embeddingModel}
LOG_LEVEL=info
HOST=0.0.0.0
PORT=${defaults.port}
`;
}
