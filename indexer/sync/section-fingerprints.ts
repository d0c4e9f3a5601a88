import { createHash } from 'node:crypto';
import { bareModel, textFormat } from '../../server/collection/embedding.ts';
import { sectionPayload, type Section } from '../../server/collection/section.ts';
import { chunkerVersion, type Stamp } from '../../server/collection/stamp.ts';
import type { Book, DraftSection } from '../book.ts';
import { sectionHash } from '../section-id.ts';
import type { BookSite } from '../docusaurus/find-book.ts';

export type EmbeddingModel = { model: string; dimensions: number };

/** What a section is told from others by, without its text. */
export type SectionFingerprint = {
  id: string;
  /** Changes when the vector has to. */
  hash: string;
  /** Changes with anything that is stored beside the vector. */
  digest: string;
};

/** Of every section, in reading order. */
export function sectionFingerprints({
  book,
  embedder,
}: {
  book: Book;
  embedder: EmbeddingModel;
}): SectionFingerprint[] {
  return Array.from(book.sections, (draft) => {
    const section = withHash(draft, embedder);
    return { id: section.id, hash: section.hash, digest: payloadDigest(section) };
  });
}

/** The section as it is stored for this model. */
export function withHash(section: DraftSection, { model, dimensions }: EmbeddingModel): Section {
  return { ...section, hash: sectionHash({ section, embedder: { model, dimensions } }) };
}

const payloadKeys = Object.keys(sectionPayload.shape).sort() as (keyof Section)[];

export function payloadDigest(section: Section): string {
  const values = payloadKeys.map((key) => section[key]);
  return createHash('sha256').update(JSON.stringify(values)).digest('base64').slice(0, 22);
}

/** The stamp that a collection of this book carries, but for what only the indexing knows: when, and what it lacks. */
export function expectedStamp({ book, embedder }: { book: Book; embedder: EmbeddingModel }): Stamp {
  return stampFor({ prints: sectionFingerprints({ book, embedder }), embedder, site: book.site });
}

/** The stamp of a book that is wholly indexed with a model; `written_at` is empty. */
export function stampFor(of: {
  prints: readonly SectionFingerprint[];
  embedder: EmbeddingModel;
  site: BookSite;
}): Stamp {
  const { prints, site } = of;
  const { model, dimensions } = of.embedder;
  const marks = prints.map(({ id, digest }) => `${id} ${digest}`).sort();
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
    sections: prints.length,
    without_vector: 0,
    digest: createHash('sha256').update(marks.join('\n')).digest('hex').slice(0, 16),
    written_at: '',
  };
}
