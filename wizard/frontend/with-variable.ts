import { pathOf } from './meaning.ts';

/** Replaces the origin of the address at an offset, whatever quotes it stands in. */
export function withVariable({
  text,
  start,
  address,
  read,
}: {
  text: string;
  start: number;
  address: string;
  read: string;
}): string {
  const quote = text[start] ?? "'";
  const origin = new URL(address).origin;
  const fallback = `(${read} || ${quote === '`' ? "'" : quote}${origin}${quote === '`' ? "'" : quote})`;
  const from = start + 1 + origin.length;
  if (quote === '`') return `${text.slice(0, start)}\`\${${fallback.slice(1, -1)}}${text.slice(from)}`;
  const isWhole =
    text[from] === quote || (pathOf(address) === '' && text[from] === '/' && text[from + 1] === quote);
  const end = isWhole ? text.indexOf(quote, from) + 1 : from;
  const code = isWhole ? fallback : `${fallback} + ${quote}`;
  const isAttribute = /<[A-Za-z][^<>]*\s[\w-]+=$/.test(text.slice(Math.max(0, start - 300), start));
  if (!isAttribute) return `${text.slice(0, start)}${code}${text.slice(end)}`;
  const close = isWhole ? end : text.indexOf(quote, from) + 1;
  return `${text.slice(0, start)}{${code}${text.slice(end, close)}}${text.slice(close)}`;
}
