import type { Book } from '../../../indexer/book.ts';
import type { RunEvent } from '../../model/run/event.ts';
import { bookOf } from './book-source.ts';
import type { BookContext } from '../context.ts';
import { isIndexKept } from '../server/existing-secrets.ts';

/** A notice lists this many items and counts the rest; the log lists them all. */
const maxListed = 8;

/** What of the book is not in the index, and what may be read differently than the author meant, with the reasons. */
export async function bookReport(context: BookContext): Promise<RunEvent[]> {
  if (isIndexKept(context.settings.existingSecrets)) return [];
  const book = await bookOf(context);
  return book === null ? [] : reportParts(book).flatMap(reportEvents);
}

type ReportPart = { code: string; head: string; items: string[]; remedy: string };

function reportEvents({ code, head, items, remedy }: ReportPart): RunEvent[] {
  if (items.length === 0) return [];
  const rest = items.length > maxListed ? `; and ${items.length - maxListed} more` : '';
  const message = `${head}: ${items.slice(0, maxListed).join('; ')}${rest}.`;
  const all = rest === '' ? [] : items.map((text): RunEvent => ({ type: 'log', source: 'book', text }));
  return [{ type: 'notice', code, message, remedy }, ...all];
}

function reportParts(book: Book): ReportPart[] {
  const { unreadable, skipped, warnings, site } = book;
  return [
    {
      code: 'pages-unread',
      head: 'Could not be read, and so is missing in the index',
      items: unreadable.map(({ source, reason }) => `${source}: ${reason}`),
      remedy: 'Everything else is indexed. Change the page as it says, then run this again.',
    },
    {
      code: 'pages-left-out',
      head: 'Not in the index',
      items: groupByReason(skipped.map(({ source, reason }) => [reason, source])),
      remedy: '',
    },
    {
      code: 'book-read-otherwise',
      head: 'Read without a build of the site',
      items: [...site.configWarnings, ...warnings.map(({ source, message }) => `${source} ${message}`)],
      remedy: site.isBaseUrlKnown
        ? ''
        : 'If its addresses do not begin there, say with what they begin in BOOK_BASE_URL: /name/.',
    },
  ];
}

/** `drafts/a.md, drafts/b.md (a draft)`: one entry per reason. */
function groupByReason(pairs: readonly (readonly [reason: string, source: string])[]): string[] {
  const groups = new Map<string, string[]>();
  for (const [reason, source] of pairs) groups.set(reason, [...(groups.get(reason) ?? []), source]);
  return [...groups].map(([reason, sources]) => `${sources.join(', ')} (${reason})`);
}
