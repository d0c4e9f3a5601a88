import type { Book } from '../../../indexer/book.ts';
import type { RunEvent } from '../../model/run/event.ts';
import { bookOf } from './book-source.ts';
import { groupReports, type FileReport } from './group-reports.ts';
import type { BookContext } from '../context.ts';
import { isIndexKept } from '../server/existing-secrets.ts';

/** Groups that a notice lists; at most three notices of so many lines are a screen that a person reads. */
const maxGroups = 5;

/** What of the book is not in the index, and what may be read differently than the author meant, with the reasons. */
export async function bookReport(context: BookContext): Promise<RunEvent[]> {
  if (isIndexKept(context.settings.existingSecrets)) return [];
  const book = await bookOf(context);
  return book === null ? [] : reportParts(book).flatMap(reportEvents);
}

type ReportPart = { code: string; head: string; reports: FileReport[]; remedy: string };

/** The groups as one notice, and every report as a log of `book-details`, which only `--json` shows. */
function reportEvents({ code, head, reports, remedy }: ReportPart): RunEvent[] {
  if (reports.length === 0) return [];
  const groups = groupReports(reports);
  const rest =
    groups.length > maxGroups ? [`and ${groups.length - maxGroups} more kinds (--json lists all)`] : [];
  const message = [`${head}:`, ...groups.slice(0, maxGroups), ...rest].join('\n  ');
  const isGrouped = groups.length < reports.length || rest.length > 0;
  const details = isGrouped ? reports : [];
  return [
    { type: 'notice', code, message, remedy },
    ...details.map(({ source, text }): RunEvent => ({
      type: 'log',
      source: 'book-details',
      text: source === '' ? text : `${source}: ${text}`,
    })),
  ];
}

function reportParts(book: Book): ReportPart[] {
  const { unreadable, skipped, warnings, site } = book;
  return [
    {
      code: 'pages-unread',
      head: 'Could not be read, and so is missing in the index',
      reports: unreadable.map(({ source, reason }) => ({ source, text: reason })),
      remedy: 'Everything else is indexed. Change the page as it says, then run this again.',
    },
    {
      code: 'pages-left-out',
      head: 'Not in the index',
      reports: skipped.map(({ source, reason }) => ({ source, text: reason })),
      remedy: '',
    },
    {
      code: 'book-read-otherwise',
      head: 'Read without a build of the site',
      reports: [
        ...site.configWarnings.map((text) => ({ source: '', text })),
        ...warnings.map(({ source, message }) => ({ source, text: message })),
      ],
      remedy: site.isBaseUrlKnown
        ? ''
        : 'If its addresses do not begin there, say with what they begin in BOOK_BASE_URL: /name/.',
    },
  ];
}
