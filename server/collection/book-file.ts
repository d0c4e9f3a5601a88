import * as z from 'zod';
import type { WordIndex } from './postings.ts';
import { sectionPayload, type Section } from './section.ts';
import { stampSchema, type Stamp } from './stamp.ts';

/** Of the terms and their weights: raise it with every change of either, and a server builds its own index instead. */
export const wordsVersion = 1;

/** A word index in `book.json`: terms in the order of their numbers, and the arrays as base64. */
export const packedWordsSchema = z.object({
  version: z.number(),
  terms: z.string(),
  starts: z.string(),
  documents: z.string(),
  weights: z.string(),
});
export type PackedWords = z.infer<typeof packedWordsSchema>;

/** The same index gives the same text, byte for byte. */
export function packWords({ numbers, starts, documents, weights }: WordIndex): PackedWords {
  const [first, second, third] = [starts, documents, weights].map(({ buffer }) =>
    Buffer.from(buffer).toString('base64'),
  );
  return {
    version: wordsVersion,
    terms: [...numbers.keys()].join(' '),
    starts: first ?? '',
    documents: second ?? '',
    weights: third ?? '',
  };
}

/** Null for an index of another version. */
export function unpackWords({ version, terms, ...arrays }: PackedWords): WordIndex | null {
  if (version !== wordsVersion) return null;
  const bytesOf = (packed: string): ArrayBuffer => new Uint8Array(Buffer.from(packed, 'base64')).buffer;
  return {
    numbers: new Map(terms.split(' ').map((term, number) => [term, number])),
    starts: new Uint32Array(bytesOf(arrays.starts)),
    documents: new Uint32Array(bytesOf(arrays.documents)),
    weights: new Float32Array(bytesOf(arrays.weights)),
  };
}

const bookFileSchema = z.object({
  stamp: stampSchema,
  /** So that a server that starts need not read every word first. */
  words: packedWordsSchema.optional(),
  sections: z.array(sectionPayload.extend({ id: z.string() })),
});

/** `book.json`, uploaded with the server: the book as last indexed. Without words that this version can use, null. */
export type BookFile = { stamp: Stamp; words?: WordIndex | null; sections: Section[] };

/** Parses `book.json`; null for null. Throws a ZodError or SyntaxError for any other content. */
export function readBookFile(text: string | null): BookFile | null {
  if (text === null) return null;
  const { words, ...book } = bookFileSchema.parse(JSON.parse(text));
  return { ...book, words: words === undefined ? null : unpackWords(words) };
}
