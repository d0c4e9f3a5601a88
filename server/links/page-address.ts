/**
 * The address that a page may link for a destination, else null: http or https without a user part, or a path of the
 * book's site. Self-contained, because the Space's page carries its text as a script.
 */
export function pageAddress(destination: string, book: string | null): string | null {
  if (/[\s\\<>"`{}|^\u0000-\u001f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]/.test(destination))
    return null;
  const isPath = /^(?:\/(?!\/)|#)/.test(destination);
  if (!isPath && !/^https?:\/\//i.test(destination)) return null;
  if (isPath && book === null) return null;
  if (!URL.canParse(destination, book ?? undefined)) return null;
  const url = new URL(destination, book ?? undefined);
  return /^https?:$/.test(url.protocol) && url.username === '' && url.password === '' ? url.href : null;
}
