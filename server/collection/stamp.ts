import * as z from 'zod';
import { editionSchema } from './editions/edition.ts';

/** Incremented when chunking changes: a collection written with another version is indexed again. */
export const chunkerVersion = 2;

const fraction = z.number().min(0).max(1);

/**
 * How scores of this collection and its embedding model are to be read: learnt while it was indexed, or from questions of
 * one's own by `npm run eval -- --calibrate`. It overrides the server's default settings.
 */
const calibrationSchema = z.object({
  /** Name of the questions it was learnt from. */
  questions: z.string(),
  /** Sections of the book at that time. */
  sections: z.number().int().nonnegative(),
  /** Which texts these were: the smallest of their hashes. Absent where other questions were used. */
  sample: z.array(z.string()).optional(),
  /** A question is off topic when its best coverage is lower and there was no dense search. */
  coverage_alone: fraction,
  /** Exists only where the collection's own embedding model was used. */
  vectors: z
    .object({
      /** Off topic: cosine + coverage_weight × coverage is lower than threshold. */
      coverage_weight: z.number().nonnegative(),
      threshold: z.number(),
      /** Off topic, too: the same sum with this weight is lower than this threshold. Only where words decide the first. */
      second: z.object({ coverage_weight: z.number().nonnegative(), threshold: z.number() }).optional(),
      /** Off topic: the best cosine is lower and there was no lexical search. */
      cosine_alone: z.number(),
      /** Standard deviation of the cosines of one question with all sections. */
      cosine_deviation: z.number().positive(),
      /** Share of the dense retriever in a fused score. */
      dense_weight: fraction,
    })
    .optional(),
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
  /** How its sections are enriched; absent where they are not. */
  enrichment: z.string().optional().catch(undefined),
  /** One of an unknown form is ignored. */
  calibration: calibrationSchema.optional().catch(undefined),
  /** Of a collection with several: where each version and language of the book is published. */
  editions: z.array(editionSchema).optional().catch(undefined),
});
export type Stamp = z.infer<typeof stampSchema>;

/** The stamp is a point without a vector, so that no search can return it. */
export const stampPointId = '00000000-0000-4000-8000-00000000057a';
