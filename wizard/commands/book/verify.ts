import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { findBook } from '../../../indexer/docusaurus/find-book.ts';
import { readBook } from '../../../indexer/docusaurus/read-book.ts';
import { buildFolder, liveSite, type BuiltSite } from '../../../indexer/verify/built-site.ts';
import {
  missingPercent,
  verifyBook,
  type BookVerification,
  type PageWords,
} from '../../../indexer/verify/verify-book.ts';
import type { Book } from '../../../indexer/book.ts';
import { expectChosen } from '../../deployment/book/book-source.ts';
import { namedSelection } from '../../deployment/book/selection-of.ts';
import { translateServerErrors } from '../../deployment/server-errors.ts';
import { parseSiteUrl } from '../../model/formats/book-location.ts';
import { exitCodes, Failure } from '../../model/failure.ts';
import type { CommandResult } from '../../model/run/command-result.ts';
import type { Session } from '../../model/runtime.ts';

/** Words of a page that are shown as an example. */
const maxExamples = 12;

/**
 * `index --verify`: compares every link and the words of every page with a build of the site, or with the live site. Needs
 * no key, writes nothing. Throws Failure `links-missing`, `words-missing` or `pages-missing`.
 */
export async function verify(session: Session, target: string): Promise<CommandResult> {
  const { runtime, emit } = session;
  const threshold = thresholdOf(session);
  const { signal } = runtime;
  const book = await bookToVerify(session, target);
  const built = await builtSiteOf(session, { target, baseUrl: book.site.baseUrl });
  const result = await translateServerErrors(verifyBook({ book, built, signal }));
  const { pages, anchors, missing, extra } = result;
  for (const { source, url, reason } of missing) log(session, `${source}: ${url}: ${reason}`);
  for (const path of extra) log(session, `${path}: shown by the site, and not in the book`);
  const lossy = reportWords(session, result, threshold);
  if (missing.length > 0)
    throw failed(
      'links-missing',
      `${missing.length} of ${pages + anchors} links do not land in ${built.name}.`,
      'Build the site again from the same sources; a page that is still named has an address we read wrongly.',
    );
  if (lossy.length > 0)
    throw failed(
      'words-missing',
      `${lossy.length} of ${pages} pages lack more than ${threshold} % of their words.`,
      'Index the live site’s address to read what is in a component’s code, or accept it with a higher --threshold.',
    );
  if (extra.length > 0)
    throw failed(
      'pages-missing',
      `${extra.length} pages of ${built.name} are not in the book.`,
      'Build the site again from the same sources; a page that is still named is made by a plugin: index the live site’s address.',
    );
  const message = `All ${pages} pages and ${anchors} anchors are in the build.`;
  emit({ type: 'notice', code: 'links-verified', message, remedy: '' });
  return { deployment: null, exitCode: exitCodes.done };
}

/** Reports the words that no section has; returns the pages that lack more than the threshold. */
function reportWords(session: Session, { words }: BookVerification, threshold: number): PageWords[] {
  const lossy = words.filter((page) => missingPercent(page) > threshold);
  for (const page of lossy) log(session, describePage(page));
  const total = words.reduce((sum, { count }) => sum + count, 0);
  const lost = words.reduce((sum, { missing }) => sum + missing.length, 0);
  const apart = words.flatMap(({ components, missing }) => (components.length > 0 ? missing : [])).length;
  const share = missingPercent({ count: total, missing: words.flatMap(({ missing }) => missing) }).toFixed(2);
  const message = `${lost} of ${total} words (${share} %) are in no section${apart === 0 ? '' : `; ${apart} of them are on pages with components whose text is in code`}.`;
  session.emit({ type: 'notice', code: 'words-compared', message, remedy: '' });
  return lossy;
}

function describePage(page: PageWords): string {
  const { source, url, count, missing, components } = page;
  const examples = [...new Set(missing)].slice(0, maxExamples).join(' ');
  const place =
    components.length === 0 ? '' : ` (it shows <${components.join('>, <')}>, whose text is in code)`;
  return `${source}: ${url}: ${missing.length} of ${count} words (${missingPercent(page).toFixed(1)} %) are in no section: ${examples}${place}`;
}

function log({ emit }: Session, text: string): void {
  emit({ type: 'log', source: 'book', text });
}

async function bookToVerify(session: Session, target: string): Promise<Book> {
  const { runtime, flags, operands } = session;
  const { signal } = runtime;
  const typed = operands[0] ?? flags.docs ?? runtime.env['DOCS_DIR'] ?? '.';
  if (parseSiteUrl(typed) !== null)
    throw usage(
      'book-not-found',
      'A live site is no source to hold against a build.',
      'Name the sources: --docs DIR.',
    );
  const dir = resolve(runtime.cwd, typed);
  if (parseSiteUrl(target) === null && !(await isFolder(resolve(runtime.cwd, target))))
    throw usage(
      'build-not-found',
      `There is no folder ${resolve(runtime.cwd, target)}.`,
      'Build the site first: npm run build',
    );
  const site = await findBook({ dir, signal });
  if (site === null)
    throw usage(
      'book-not-found',
      `No Docusaurus site or Markdown was found in ${dir}.`,
      'Name it with --docs DIR.',
    );
  const selection = namedSelection(session);
  const book = await readBook({ site, selection, signal });
  expectChosen(book, selection);
  if (book.pages.length > 0) return book;
  throw usage(
    'book-empty',
    `The book in ${dir} has no page that can be indexed.`,
    'Name it with --docs DIR.',
  );
}

async function builtSiteOf(
  { runtime }: Session,
  { target, baseUrl }: { target: string; baseUrl: string },
): Promise<BuiltSite> {
  const address = parseSiteUrl(target);
  return address === null
    ? buildFolder(resolve(runtime.cwd, target), baseUrl)
    : liveSite({ address, fetch: runtime.fetch, sleep: runtime.sleep });
}

function thresholdOf({ flags }: Session): number {
  const threshold = Number(flags.threshold ?? '1');
  if (flags.threshold?.trim() !== '' && threshold >= 0 && threshold <= 100) return threshold;
  throw usage(
    'threshold',
    `--threshold ${flags.threshold ?? ''} is no percentage.`,
    'Give a number from 0 to 100: --threshold 0.5',
  );
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() ?? false;
}

function usage(code: string, message: string, remedy: string): Failure {
  return new Failure({ kind: 'usage', code, message, remedy });
}

function failed(code: string, message: string, remedy: string): Failure {
  return new Failure({ kind: 'failed', code, message, remedy });
}
