import { resolve } from 'node:path';
import type { Book } from '../../../indexer/book.ts';
import { findBook } from '../../../indexer/docusaurus/find-book.ts';
import { readBook } from '../../../indexer/docusaurus/read-book.ts';
import { namedSelection } from '../../deployment/book/selection-of.ts';
import { translateServerErrors } from '../../deployment/server-errors.ts';
import { writePage } from '../../insights/write-page.ts';
import { exitCodes, Failure } from '../../model/failure.ts';
import type { CommandResult } from '../../model/run/command-result.ts';
import type { Session } from '../../model/runtime.ts';
import {
  bookChangesMarkdown,
  changedSections,
  summariseBookChanges,
} from '../../workflow/changed-sections.ts';

/**
 * `index --changes-from DIR`: the sections that differ from another version of the book. Needs no key, contacts no one.
 * Throws Failure `book-not-found`.
 */
export async function listChangedSections(session: Session, from: string): Promise<CommandResult> {
  const { runtime, flags, operands, emit } = session;
  const after = await bookIn(session, operands[0] ?? flags.docs ?? runtime.env['DOCS_DIR'] ?? '.');
  if (after === null)
    throw new Failure({
      kind: 'usage',
      code: 'book-not-found',
      message: 'No Docusaurus site or Markdown was found here.',
      remedy: 'Name its folder: index DIR --changes-from BASE.',
    });
  const changes = changedSections(await bookIn(session, from), after);
  for (const { change, heading, source } of changes.changes)
    emit({ type: 'log', source: 'book', text: `${change}: ${heading} (${source})` });
  const message = summariseBookChanges(changes);
  emit({ type: 'notice', code: 'sections-compared', message, remedy: '' });
  if (flags.markdown !== null)
    await writePage(resolve(runtime.cwd, flags.markdown), bookChangesMarkdown(changes));
  return { deployment: null, exitCode: exitCodes.done };
}

/** Null where the folder has no book, as before the commit that brings it. */
async function bookIn(session: Session, folder: string): Promise<Book | null> {
  const { cwd, signal } = session.runtime;
  const selection = namedSelection(session);
  const site = await translateServerErrors(findBook({ dir: resolve(cwd, folder), signal }));
  return site === null ? null : translateServerErrors(readBook({ site, selection, signal }));
}
