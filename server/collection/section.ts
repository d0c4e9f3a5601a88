import { z } from 'zod';

/** One chunk of the book as it stands in the collection's payload and in `book.json`. Strict: we wrote it. */
export const sectionPayload = z.object({
  kind: z.literal('section'),
  /** The section's own text, without its headings. */
  content: z.string().min(1),
  title: z.string(),
  /** Headings above the text inside the page, outermost first; empty for the text before the first one. */
  headings: z.array(z.string()),
  /** Path on the site with base URL and anchor: `/docs/intro#install`. */
  url: z.string(),
  anchor: z.string().nullable(),
  /** Path of the file inside the book's folder, with forward slashes. */
  source: z.string(),
  /** Lines of `source`, 1-based, both included. */
  lines: z.tuple([z.number().int(), z.number().int()]),
  /** Place in reading order over the whole book. */
  position: z.number().int().nonnegative(),
  previous: z.string().nullable(),
  next: z.string().nullable(),
  /** SHA-256 over embedded text, model, dimensions and chunker version; 32 hex digits. */
  hash: z.string(),
  locale: z.string(),
  version: z.string(),
});
export type SectionPayload = z.infer<typeof sectionPayload>;

export type Section = SectionPayload & { id: string };

/** What is put in front of a section's text wherever it is embedded or searched: `Title › H2 › H3`. */
export function headingPath(section: { title: string; headings: readonly string[] }): string {
  return [section.title, ...section.headings.filter((heading) => heading !== section.title)].join(' › ');
}
