import type { Book, BookEdition } from '../../../indexer/book.ts';
import { textsPerCall } from '../../../indexer/sync/embedding-cost.ts';
import { hasSeveralEditions } from '../../../server/collection/editions/edition.ts';
import type { RunEvent } from '../../model/run/event.ts';

/** What each version and language of a book costs to index, and what was not chosen; nothing of a book with one. */
export function editionCosts({ editions }: Pick<Book, 'editions'>): RunEvent[] {
  if (!hasSeveralEditions(editions)) return [];
  const chosen = editions.filter(({ sections }) => sections > 0);
  const left = editions.filter(({ sections, pages }) => sections === 0 && pages > 0);
  const lines = chosen.map((edition) => {
    const calls = Math.ceil(edition.sections / textsPerCall);
    const sections = count(edition.sections, 'section');
    return `${nameOf(edition)}: ${sections}, ${count(calls, 'embedding call')} where it is new`;
  });
  const rest = left.map((edition) => `${nameOf(edition)} (${count(edition.pages, 'page')})`);
  const others = rest.length === 0 ? [] : [`Not chosen (--versions, --locales): ${rest.join('; ')}`];
  const message = ['Versions and languages in the index:', ...lines, ...others].join('\n  ');
  return [{ type: 'notice', code: 'book-editions', message, remedy: '' }];
}

function nameOf({ label, locale, docs }: BookEdition): string {
  return `${docs === 'default' || docs === '' ? '' : `${docs} `}${label}, ${locale}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
