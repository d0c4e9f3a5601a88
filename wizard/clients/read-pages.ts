import { Failure } from '../model/failure.ts';
import type { Service } from '../model/service.ts';

/** One page of a vendor's list; `next` names the page after it, in the vendor's own way. */
export type ListPage<T> = { items: readonly T[]; next: string | number | null | undefined };

/** More than any such list has: a vendor that goes on has a fault. */
const maxPages = 200;

/**
 * A vendor's list to its end.
 *
 * @throws what `read` throws; Failure `list-too-long` at the bound.
 */
export async function readPages<T>({
  service,
  what,
  read,
}: {
  service: Service;
  /** `listing the projects`. */
  what: string;
  /** Null for the first page. */
  read: (next: string | null) => Promise<ListPage<T>>;
}): Promise<T[]> {
  const all: T[] = [];
  let next: string | null = null;
  for (let page = 0; page < maxPages; page++) {
    const { items, next: following }: ListPage<T> = await read(next);
    all.push(...items);
    if (following == null || String(following) === next) return all;
    next = String(following);
  }
  throw new Failure({
    code: 'list-too-long',
    service,
    message: `The list has more than ${maxPages} pages (while ${what}).`,
    remedy: 'Delete what is not used any more, so that the list can be read to its end.',
  });
}

/** Path and query of the next page in a `Link` header (RFC 8288); null without one. Its origin is not followed. */
export function nextLink(headers: Headers): string | null {
  const [, target] = /<([^>]*)>\s*;[^,]*\brel="?next"?/i.exec(headers.get('link') ?? '') ?? [];
  if (target === undefined || !URL.canParse(target, 'https://vendor')) return null;
  const { pathname, search } = new URL(target, 'https://vendor');
  return `${pathname}${search}`;
}
