import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { findBook } from '../../indexer/docusaurus/find-book.ts';
import { readBook } from '../../indexer/docusaurus/read-book.ts';
import { verifyBook } from '../../indexer/verify-book.ts';
import { parseSiteUrl } from '../model/formats/book-location.ts';
import { exitCodes, Failure } from '../model/failure.ts';
import type { CommandResult } from '../model/run/command-result.ts';
import type { Session } from '../model/runtime.ts';

/** `index --verify`: names every link of the book that does not land in a build. Needs no key, writes nothing. */
export async function verify(session: Session, build: string): Promise<CommandResult> {
  const { runtime, flags, operands, emit } = session;
  const buildDir = resolve(runtime.cwd, build);
  const typed = operands[0] ?? flags.docs ?? runtime.env['DOCS_DIR'] ?? '.';
  if (parseSiteUrl(typed) !== null)
    throw usage(
      'book-not-found',
      'A live site is no source to hold against a build.',
      'Name the sources: --docs DIR.',
    );
  const dir = resolve(runtime.cwd, typed);
  if (!(await isFolder(buildDir)))
    throw usage('build-not-found', `There is no folder ${buildDir}.`, 'Build the site first: npm run build');
  const { signal } = runtime;
  const site = await findBook({ dir, signal });
  if (site === null)
    throw usage(
      'book-not-found',
      `No Docusaurus site or Markdown was found in ${dir}.`,
      'Name it with --docs DIR.',
    );
  const book = await readBook({ site, signal });
  const { pages, anchors, missing } = await verifyBook({ book, buildDir, signal });
  if (pages === 0)
    throw usage(
      'book-empty',
      `The book in ${dir} has no page that can be indexed.`,
      'Name it with --docs DIR.',
    );
  for (const { source, url, reason } of missing)
    emit({ type: 'log', source: 'book', text: `${source}: ${url}: ${reason}` });
  if (missing.length > 0)
    throw new Failure({
      kind: 'failed',
      code: 'links-missing',
      message: `${missing.length} of ${pages + anchors} links do not land in ${buildDir}.`,
      remedy:
        'Build the site again from the same sources; a page that is still named has an address we read wrongly.',
    });
  const message = `All ${pages} pages and ${anchors} anchors are in the build.`;
  emit({ type: 'notice', code: 'links-verified', message, remedy: '' });
  return { deployment: null, exitCode: exitCodes.done };
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() ?? false;
}

function usage(code: string, message: string, remedy: string): Failure {
  return new Failure({ kind: 'usage', code, message, remedy });
}
