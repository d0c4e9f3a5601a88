import { z } from 'zod';

/** Raised when the way text is cut into chunks changes: a collection written by another number is re-indexed. */
export const chunkerVersion = 1;

const fraction = z.number().min(0).max(1);

/** What `npm run eval -- --calibrate` found for a collection; the server's own settings are taken for the rest. */
const calibrationSchema = z.object({
  /** Name of the questions it was found with. */
  questions: z.string(),
  /** Share of answerable questions that were refused, on the half that was held out. */
  false_refusals: fraction,
  coverage: fraction,
  /** These two only where the collection's own model was asked. */
  cosine: fraction.optional(),
  weights: z.object({ dense: fraction, lexical: fraction }).optional(),
});
export type Calibration = z.infer<typeof calibrationSchema>;

/**
 * Which model, dimensions, text format and chunker wrote a collection. It is written last, so a collection
 * without one is half-written or not ours.
 */
export const stampSchema = z.object({
  kind: z.literal('stamp'),
  embedding_model: z.string(),
  dimensions: z.number().int().positive(),
  /** Which book it is: 12 hex digits over the site's title and address; empty in a stamp that is older. */
  book: z.string().default(''),
  /** Name of the recipe in `embedding.ts` that made the embedded text. */
  text_format: z.string(),
  chunker: z.number().int(),
  sections: z.number().int().nonnegative(),
  /** Sections that have no dense vector yet (a day's embedding quota was reached). */
  without_vector: z.number().int().nonnegative().default(0),
  /** Changes whenever the text does: SHA-256 over the sorted section hashes, 16 hex digits. */
  digest: z.string(),
  /** ISO-8601; empty while links and neighbours of its sections are being rewritten. */
  written_at: z.string(),
  tuning: calibrationSchema.optional(),
});
export type Stamp = z.infer<typeof stampSchema>;

/** Where the stamp lives: a point of its own, without a vector, so that no search can return it. */
export const stampPointId = '00000000-0000-4000-8000-00000000057a';
