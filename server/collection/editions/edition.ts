import * as z from 'zod';

/**
 * One version of the book in one language: what a site publishes below one path. The indexer writes a site's editions into
 * the stamp of a collection that holds more than one.
 */
export const editionSchema = z.object({
  /** What the addresses of its pages begin with: `/docs/2.x`. */
  path: z.string(),
  /** The docs plugin that it belongs to: each has versions of its own. */
  docs: z.string(),
  version: z.string(),
  /** The version's name as readers see it. */
  label: z.string(),
  locale: z.string(),
  /** Whether readers see this version first. */
  is_default: z.boolean(),
  /** Folder of its files, relative to the book; empty where the book was read from its live site. */
  folder: z.string(),
  /** Path of the edition whose pages it shows where it has no translation; null for one that shows its own alone. */
  translates: z.string().nullable(),
  /** In the collection; 0 for an edition that was not chosen. */
  sections: z.number().int().nonnegative(),
});
export type Edition = z.infer<typeof editionSchema>;

/** Whether it depends on a reader's edition what a question is answered from. */
export function hasSeveralEditions(editions: readonly Edition[]): boolean {
  const shown = editions.filter(({ sections, translates }) => sections > 0 || translates !== null);
  const locales = new Set(shown.map(({ locale }) => locale));
  return locales.size > 1 || shown.some(({ is_default: isDefault }) => !isDefault);
}
