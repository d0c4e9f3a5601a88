import { createHash } from 'node:crypto';
import { bareModel, textFormat } from '../../server/collection/embedding.ts';
import { editionSchema, hasSeveralEditions, type Edition } from '../../server/collection/editions/edition.ts';
import { sectionPayload, type Section } from '../../server/collection/section.ts';
import { chunkerVersion, type Stamp } from '../../server/collection/stamp.ts';
import type { Book, DraftSection } from '../book.ts';
import { sectionHash } from '../section-id.ts';

export type EmbeddingModel = { model: string; dimensions: number };

/** `recipe`: how its sections are enriched; absent where they are not. */
export type HashedBook = { book: Book; embedder: EmbeddingModel; recipe?: string };

/** Identifies a section and its state, without its text. */
export type SectionFingerprint = {
  id: string;
  /** Changes when the section has to be embedded again. */
  hash: string;
  /** Changes with anything in the section's payload. */
  digest: string;
};

/** The fingerprints of all sections, in reading order. */
export function sectionFingerprints({ book, embedder, recipe }: HashedBook): SectionFingerprint[] {
  return Array.from(book.sections, (draft) => {
    const section = withHash(draft, embedder, recipe);
    return { id: section.id, hash: section.hash, digest: payloadDigest(section) };
  });
}

/** The section as it is stored for this model. */
export function withHash(
  section: DraftSection,
  { model, dimensions }: EmbeddingModel,
  recipe?: string,
): Section {
  return { ...section, hash: sectionHash({ section, embedder: { model, dimensions }, recipe }) };
}

/** Reads sections one at a time, as they are stored, so that a large book's text is never in memory as a whole. */
export function storedSections(
  indexes: readonly number[],
  { book, embedder, recipe }: HashedBook,
): Iterable<Section> {
  return {
    *[Symbol.iterator]() {
      for (const index of indexes) {
        const section = book.sections.at(index);
        if (section !== undefined) yield withHash(section, embedder, recipe);
      }
    },
  };
}

/** Not what a model wrote: it is not known before it is written. */
const payloadKeys = Object.keys(sectionPayload.omit({ enrichment: true }).shape).sort() as (keyof Section)[];

/** Changes with any field of the payload; 22 characters of base64. */
export function payloadDigest(section: Section): string {
  const values = payloadKeys.map((key) => section[key]);
  return createHash('sha256').update(JSON.stringify(values)).digest('base64').slice(0, 22);
}

/** The stamp of a collection that holds this book, except for `written_at` and `without_vector`. */
export function expectedStamp({ book, embedder }: { book: Book; embedder: EmbeddingModel }): Stamp {
  return stampFor({ fingerprints: sectionFingerprints({ book, embedder }), embedder, book });
}

/** `expectedStamp` from fingerprints that are known already; `written_at` is empty. */
export function stampFor({
  fingerprints,
  embedder: { model, dimensions },
  book: { site, editions },
  recipe,
}: {
  fingerprints: readonly SectionFingerprint[];
  embedder: EmbeddingModel;
  book: Pick<Book, 'site' | 'editions'>;
  recipe?: string | undefined;
}): Stamp {
  const entries = fingerprints.map(({ id, digest }) => `${id} ${digest}`).sort();
  return {
    kind: 'stamp',
    embedding_model: bareModel(model),
    dimensions,
    book: createHash('sha256')
      .update(JSON.stringify([site.title, site.url, site.baseUrl]))
      .digest('hex')
      .slice(0, 12),
    text_format: textFormat(model),
    chunker: chunkerVersion,
    sections: fingerprints.length,
    without_vector: 0,
    digest: createHash('sha256').update(entries.join('\n')).digest('hex').slice(0, 16),
    written_at: '',
    ...(recipe !== undefined && { enrichment: recipe }),
    ...(hasSeveralEditions(editions) && { editions: editions.map(editionOf) }),
  };
}

/** As the stamp has it. */
function editionOf(edition: Edition): Edition {
  return editionSchema.parse(edition);
}
