import type { Book } from '../../../indexer/book.ts';
import type { RunEvent } from '../../model/run/event.ts';
import { editionCosts } from './edition-costs.ts';
import { bookOf } from './book-source.ts';
import { fitScreen } from './fit-screen.ts';
import { groupReports, type FileReport } from './group-reports.ts';
import type { BookContext } from '../context.ts';
import { isIndexKept } from '../server/existing-secrets.ts';

/** What of the book is not in the index, and what may be read differently than the author meant, with the reasons. */
export async function bookReport(context: BookContext): Promise<RunEvent[]> {
  if (isIndexKept(context.settings.existingSecrets)) return [];
  const book = await bookOf(context);
  if (book === null) return [];
  const parts = reportParts(book).filter(({ reports }) => reports.length > 0);
  const reports = fitScreen(parts.map((part) => ({ ...part, groups: groupReports(part.reports) }))).flatMap(
    reportEvents,
  );
  return [...editionCosts(book), ...reports];
}

type ReportPart = { code: string; head: string; reports: FileReport[]; remedy: string };

/** The groups as one notice, and every report as a log of `book-details`, which only `--json` shows. */
function reportEvents(part: ReportPart & { groups: string[]; rest: number }): RunEvent[] {
  const { code, head, reports, remedy, groups, rest } = part;
  const more = rest > 0 ? [`and ${rest} more kinds (--json lists all)`] : [];
  const message = [`${head}:`, ...groups, ...more].join('\n  ');
  const texts = reports.map(({ source, text }) => (source === '' ? text : `${source}: ${text}`));
  const isComplete = texts.every((text) => groups.includes(text));
  return [
    { type: 'notice', code, message, remedy },
    ...(isComplete ? [] : texts).map((text): RunEvent => ({ type: 'log', source: 'book-details', text })),
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
