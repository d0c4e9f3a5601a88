import type { Book } from '../../server/book/book.ts';
import type { RunEvent } from '../model/event.ts';
import { bookOf } from './book.ts';
import type { BookContext } from './context.ts';
import { isBookKept } from './kept.ts';

/** More of a kind than this are counted in the notice, and listed in full in the log. */
const shown = 8;

/** What of the book is not in the index, and what was read otherwise than it may be meant, each with the reason. */
export async function bookReport(context: BookContext): Promise<RunEvent[]> {
  if (isBookKept(context.settings.kept)) return [];
  const book = await bookOf(context);
  return book === null ? [] : partsOf(book).flatMap(toldPart);
}

type ReportPart = { code: string; head: string; items: string[]; remedy: string };

function toldPart({ code, head, items, remedy }: ReportPart): RunEvent[] {
  if (items.length === 0) return [];
  const rest = items.length > shown ? `; and ${items.length - shown} more` : '';
  const message = `${head}: ${items.slice(0, shown).join('; ')}${rest}.`;
  const all = rest === '' ? [] : items.map((text): RunEvent => ({ type: 'log', source: 'book', text }));
  return [{ type: 'notice', code, message, remedy }, ...all];
}

function partsOf(book: Book): ReportPart[] {
  const { unread, skipped, warnings, site } = book;
  return [
    {
      code: 'pages-unread',
      head: 'Could not be read, and so is missing in the index',
      items: unread.map(({ source, reason }) => `${source}: ${reason}`),
      remedy: 'Everything else is indexed. Change the page as it says, then run this again.',
    },
    {
      code: 'pages-left-out',
      head: 'Not in the index',
      items: grouped(skipped.map(({ source, reason }) => [reason, source])),
      remedy: '',
    },
    {
      code: 'book-read-otherwise',
      head: 'Read without a build of the site',
      items: [...site.unknowns, ...warnings.map(({ source, message }) => `${source} ${message}`)],
      remedy: site.isBaseUrlKnown
        ? ''
        : 'If its addresses do not begin there, say with what they begin in BOOK_BASE_URL: /name/.',
    },
  ];
}

/** `drafts/a.md, drafts/b.md (a draft)`: one entry a reason. */
function grouped(pairs: readonly (readonly [reason: string, source: string])[]): string[] {
  const groups = new Map<string, string[]>();
  for (const [reason, source] of pairs) groups.set(reason, [...(groups.get(reason) ?? []), source]);
  return [...groups].map(([reason, sources]) => `${sources.join(', ')} (${reason})`);
}
