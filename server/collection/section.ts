import * as z from 'zod';
import { enrichmentSchema } from './enrichment/enrichment.ts';

/** One chunk of the book, as stored in the collection's payload and in `book.json`. Strict, because we write it. */
export const sectionPayload = z.object({
  kind: z.literal('section'),
  /** The section's text without its headings. */
  content: z.string().min(1),
  title: z.string(),
  /** Headings above the text in the page, outermost first; empty for the text before the first heading. */
  headings: z.array(z.string()),
  /** Path on the site with base URL and anchor: `/docs/intro#install`. */
  url: z.string(),
  anchor: z.string().nullable(),
  /** Path of the file inside the book's folder, with forward slashes. */
  source: z.string(),
  /** First and last line in `source`, 1-based. */
  lines: z.tuple([z.number().int(), z.number().int()]),
  /** Grows in the reading order of the whole book, with gaps. */
  position: z.number().int().nonnegative(),
  previous: z.string().nullable(),
  next: z.string().nullable(),
  /** SHA-256 over the embedded text, model, dimensions and chunker version; 32 hex digits. */
  hash: z.string(),
  locale: z.string(),
  version: z.string(),
  /** Only where the owner had the book enriched. */
  enrichment: enrichmentSchema.optional().catch(undefined),
});
export type SectionPayload = z.infer<typeof sectionPayload>;

export type Section = SectionPayload & { id: string };

/** `Title › H2 › H3`: precedes a section's text wherever it is embedded, searched or shown to the model. */
export function headingPath(section: { title: string; headings: readonly string[] }): string {
  return [section.title, ...section.headings.filter((heading) => heading !== section.title)].join(' › ');
}

/** Words of an address that are in every one. */
const common = /^(?:docs?|index|html?|https?|www|blog|pages?)$/i;

/**
 * What is searched as a section's heading: its heading path, and the words of its address that are not in it. A page is
 * often found by the folder that it is in.
 */
export function headingText(section: Pick<Section, 'title' | 'headings' | 'url'>): string {
  const path = headingPath(section);
  const lower = path.toLowerCase();
  const words = pathOf(section.url)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word.length > 1 && !common.test(word) && !lower.includes(word.toLowerCase()));
  return words.length === 0 ? path : `${path} ${[...new Set(words)].join(' ')}`;
}

/** Without the site's name, which every section has. */
function pathOf(url: string): string {
  const path = url.replace(/^[a-z][a-z+.-]*:\/\/[^/]*/i, '');
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
