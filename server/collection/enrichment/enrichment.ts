import * as z from 'zod';

/** What a model wrote about a section when it was indexed: it is searched like the section's text, and never shown. */
export const enrichmentSchema = z.object({
  /** One line that says what the section is about. */
  context: z.string(),
  /** What it answers. */
  questions: z.array(z.string()),
});
export type Enrichment = z.infer<typeof enrichmentSchema>;

/** How a section is enriched: another recipe writes each again. Part of the hash of an enriched section. */
export const enrichmentRecipe = 'enriched-1';

/** A section's text as it is embedded and searched. */
export function searchedText({
  content,
  enrichment,
}: {
  content: string;
  enrichment?: Enrichment | undefined;
}): string {
  if (enrichment === undefined) return content;
  return [enrichment.context, ...enrichment.questions, content].filter((line) => line !== '').join('\n');
}
