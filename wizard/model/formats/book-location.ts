import { resolve } from 'node:path';
import { Failure } from '../failure.ts';

/** Where a book is, as it was typed: a folder, made absolute, or the address of its live site, left as it is. */
export function resolveBookLocation({ cwd, typed }: { cwd: string; typed: string }): string {
  return isAddress(typed) ? typed.trim() : resolve(cwd, typed);
}

/** The address of a live site; null for a folder. Throws Failure `site-address` for one that cannot be read. */
export function parseSiteUrl(place: string): URL | null {
  if (!isAddress(place)) return null;
  const url = URL.canParse(place) ? new URL(place) : null;
  if (url !== null && url.username === '' && url.password === '') return url;
  throw new Failure({
    kind: 'usage',
    code: 'site-address',
    message: url === null ? 'This is no address of a site.' : 'There is a password in the site’s address.',
    remedy: 'Give the address that readers open, for example https://book.example.com/.',
  });
}

function isAddress(text: string): boolean {
  return /^https?:\/\//i.test(text.trim());
}
