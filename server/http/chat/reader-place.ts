import type { Question } from '../../chat/protocol.ts';
import { fieldsOf, firstText, type RequestFields } from './request-fields.ts';

const pageNames = [
  'pagetitle',
  'currentpage',
  'page',
  'pageurl',
  'currenturl',
  'pathname',
  'path',
  'url',
  'title',
] as const;
const maxPageLength = 200;
const maxAddressLength = 500;
const maxEditionLength = 40;

type Headers = Record<string, string | string[] | undefined>;

/** Where the reader is, as far as the request says: the page, and the book's language and version. */
export function readerPlaceOf(
  fields: RequestFields,
  headers: Headers,
): Pick<Question, 'page' | 'address' | 'locale' | 'version'> {
  const address = addressOf(fields) ?? refererOf(headers);
  const locale = firstText(fields, ['locale', 'language', 'lang'])?.trim().slice(0, maxEditionLength);
  const version = firstText(fields, ['docsversion', 'bookversion'])?.trim().slice(0, maxEditionLength);
  return {
    page: pageOf(fields),
    ...(address !== null && { address }),
    ...(locale !== undefined && { locale }),
    ...(version !== undefined && { version }),
  };
}

/** The page's title or address. */
function pageOf(fields: RequestFields): string | null {
  const names = pageNames.slice(0, 5);
  const page = firstText(fields, names) ?? firstText(fieldsOf(fields.get('context')), pageNames);
  const nested = page ?? firstText(fieldsOf(fields.get('page')), pageNames);
  return nested === null
    ? null
    : Buffer.from(nested.replaceAll(/\s+/g, ' ').trim().slice(0, maxPageLength)).toString();
}

function addressOf(fields: RequestFields): string | null {
  const places = [fields, ...['context', 'page', 'metadata'].map((name) => fieldsOf(fields.get(name)))];
  for (const place of places)
    for (const name of [...pageNames, 'href', 'location']) {
      const text = place.get(name);
      if (typeof text === 'string' && /^(?:\/(?!\/)|https?:\/\/)/i.test(text.trim()))
        return text.trim().slice(0, maxAddressLength);
    }
  return null;
}

/** A page of another origin sends its origin alone, which says nothing. */
function refererOf({ referer }: Headers): string | null {
  if (typeof referer !== 'string' || !URL.canParse(referer)) return null;
  return new URL(referer).pathname === '/' ? null : referer.slice(0, maxAddressLength);
}
