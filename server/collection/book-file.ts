import { z } from 'zod';
import { sectionPayload, type Section } from './section.ts';
import { stampSchema, type Stamp } from './stamp.ts';

const bookFileSchema = z.object({
  stamp: stampSchema,
  sections: z.array(sectionPayload.extend({ id: z.string() })),
});

/** `book.json`, uploaded with the server: the book as last indexed. */
export type BookFile = { stamp: Stamp; sections: Section[] };

/** Parses `book.json`; null for null. Throws a ZodError or SyntaxError for any other content. */
export function readBookFile(text: string | null): BookFile | null {
  return text === null ? null : bookFileSchema.parse(JSON.parse(text));
}
