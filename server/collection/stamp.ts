import { z } from 'zod';

/** Incremented when chunking changes: a collection written with another version is indexed again. */
export const chunkerVersion = 2;

const fraction = z.number().min(0).max(1);

/** What `npm run eval -- --calibrate` measured for a collection; it overrides the server's default settings. */
const calibrationSchema = z.object({
  /** Name of the question set it was calibrated with. */
  questions: z.string(),
  /** Share of answerable questions that were refused, on the held-out half. */
  false_refusals: fraction,
  coverage: fraction,
  /** `cosine` and `weights` exist only where the collection's own embedding model was used. */
  cosine: fraction.optional(),
  weights: z.object({ dense: fraction, lexical: fraction }).optional(),
});
export type Calibration = z.infer<typeof calibrationSchema>;

/**
 * Records which model, dimensions, text format and chunker wrote a collection. It is written last, so a collection
 * without one is half-written or not ours.
 */
export const stampSchema = z.object({
  kind: z.literal('stamp'),
  embedding_model: z.string(),
  dimensions: z.number().int().positive(),
  /** Identifies the book: 12 hex digits over the site's title and address; empty in stamps of older versions. */
  book: z.string().default(''),
  /** Name of the recipe in `embedding.ts` that composed the embedded text. */
  text_format: z.string(),
  chunker: z.number().int(),
  sections: z.number().int().nonnegative(),
  /** Sections without a dense vector yet (the daily embedding quota was reached). */
  without_vector: z.number().int().nonnegative().default(0),
  /** Changes with the text: SHA-256 over the sorted section hashes, 16 hex digits. */
  digest: z.string(),
  /** ISO-8601; empty while the sections' links and neighbours are being rewritten. */
  written_at: z.string(),
  tuning: calibrationSchema.optional(),
});
export type Stamp = z.infer<typeof stampSchema>;

/** The stamp is a point without a vector, so that no search can return it. */
export const stampPointId = '00000000-0000-4000-8000-00000000057a';
