import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Book } from '../../../indexer/book.ts';
import { findBook } from '../../../indexer/docusaurus/find-book.ts';
import { readBook } from '../../../indexer/docusaurus/read-book.ts';
import { llmsIndex } from '../../../server/book/llms-text.ts';
import { listPages } from '../../../server/book/page-list.ts';
import { runAtOnce } from '../../../server/collection/run-in-slices.ts';
import { readCommandInputs } from '../../deployment/command-inputs.ts';
import { translateServerErrors } from '../../deployment/server-errors.ts';
import { createGit } from '../../frontend/wiring/git.ts';
import { unifiedDiff } from '../../frontend/wiring/unified-diff.ts';
import type { FileChange } from '../../frontend/wiring/write-files.ts';
import { confirmChoice } from '../../interview/confirm-choice.ts';
import { chooseSpace } from '../../interview/targets/choose-space.ts';
import { exitCodes, Failure } from '../../model/failure.ts';
import type { CommandResult } from '../../model/run/command-result.ts';
import type { Session } from '../../model/runtime.ts';
import { openJournal } from '../../run/journal-file.ts';
import { digest } from '../../steps/site-files/file-edit.ts';
import { writeSiteFiles } from '../../steps/site-files/write-site-files.ts';

const path = 'static/llms.txt';
const done: CommandResult = { deployment: null, exitCode: exitCodes.done };

/**
 * `index --llms-txt`: shows `static/llms.txt` of the book's site as a diff, and writes it once that is accepted, or with
 * `--yes`. Contacts no one. It goes into the journal of the Space, so `undo` removes it. Throws Failure `book-not-found`,
 * `frontend-files-dirty`, `frontend-files-changed`.
 */
export async function writeLlmsFile(session: Session): Promise<CommandResult> {
  const { runtime, emit } = session;
  const book = await siteOf(session);
  const dir = book.site.root;
  const before = await readFile(join(dir, path), 'utf8').catch(() => null);
  const change = { path, before, after: llmsText(book) };
  if (before === change.after) {
    emit({
      type: 'notice',
      code: 'llms-unchanged',
      message: `${join(dir, path)} is up to date.`,
      remedy: '',
    });
    return done;
  }
  emit({ type: 'notice', code: 'file-diff', message: unifiedDiff(change), remedy: '' });
  if (runtime.rehearsal) {
    emit({
      type: 'notice',
      code: 'llms-rehearsed',
      message: 'A rehearsal leaves your files alone.',
      remedy: '',
    });
    return done;
  }
  const { space } = await chooseSpace(session, (await readCommandInputs(session)).answers);
  const isWanted = await confirmChoice(session, {
    title: `Write ${path}?`,
    lines: [`In ${dir}; agents find the book’s pages by it.`],
    yes: 'Yes, write it',
    no: 'No',
  });
  if (isWanted) await write(session, { space, dir, change });
  return done;
}

async function write(
  { runtime, emit }: Session,
  { space, dir, change }: { space: string; dir: string; change: FileChange },
): Promise<void> {
  const { stateDir, signal } = runtime;
  const journal = await openJournal({ stateDir, space });
  try {
    const isOurs = journal.entries.some(({ edit }) => edit?.after === digest(change.before ?? ''));
    const isOpen = (await createGit({ dir, signal }).dirty([path]))?.includes(path) === true;
    if (change.before !== null && isOpen && !isOurs) throw notCommitted(dir);
    await writeSiteFiles(journal, { dir, changes: [change] });
  } finally {
    await journal.close();
  }
  const message = `Written to ${join(dir, path)}. Commit and push it; run this again when pages come or go.`;
  emit({ type: 'notice', code: 'llms-written', message, remedy: '' });
}

/** The text that the server has at `/llms.txt`. */
function llmsText({ site, sections }: Book): string {
  const { pages } = runAtOnce(listPages([...sections].map((section) => ({ ...section, hash: '' }))));
  const addressOf = (page: string): string => `${site.url ?? ''}${page}`;
  return [...llmsIndex({ bookTitle: site.title, pages: pages.values(), addressOf })].join('');
}

/** A folder of Markdown has no files that its site copies, and a live site no folder. */
async function siteOf({ runtime, flags, operands }: Session): Promise<Book> {
  const { cwd, env, signal } = runtime;
  const dir = resolve(cwd, operands[0] ?? flags.docs ?? env['DOCS_DIR'] ?? '.');
  const site = await translateServerErrors(findBook({ dir, signal }));
  if (site?.kind === 'docusaurus') return translateServerErrors(readBook({ site, signal }));
  throw new Failure({
    kind: 'usage',
    code: 'book-not-found',
    message: `No Docusaurus site was found in ${dir}.`,
    remedy: 'Name its folder: index DIR --llms-txt.',
  });
}

function notCommitted(dir: string): Failure {
  return new Failure({
    code: 'frontend-files-dirty',
    message: `${join(dir, path)} was not touched: git does not have it as it is now.`,
    remedy: `Commit it first, then run again.`,
  });
}
