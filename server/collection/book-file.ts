import { z } from 'zod';
import { sectionPayload, type Section } from './section.ts';
import { stampSchema, type Stamp } from './stamp.ts';

const bookFile = z.object({
  stamp: stampSchema,
  sections: z.array(sectionPayload.extend({ id: z.string() })),
});

/** `book.json`, the book's text as last indexed; null for a missing text. Throws a ZodError for another file. */
export function readBookFile(text: string | null): { stamp: Stamp; sections: Section[] } | null {
  return text === null ? null : bookFile.parse(JSON.parse(text));
}
