import { createHash } from 'node:crypto';
import { Failure } from '../failure.ts';
import { bareModel, textFormat } from '../index/embedding.ts';
import type { CollectionState, PassageStore } from '../index/ports.ts';
import { sectionPayload, type Section } from '../index/section.ts';
import { chunkerVersion, type Stamp } from '../index/stamp.ts';
import type { Book } from './book.ts';
import { sectionHash } from './section-id.ts';
import type { BookSite } from './site.ts';

export type EmbeddingChoice = { model: string; dimensions: number };

export type BookDiff = {
  kind: 'new' | 'changes' | 'unchanged' | 'foreign';
  state: CollectionState;
  /** Everything that should stand, in reading order. */
  wanted: Section[];
  add: Section[];
  /** Text changed, or the vector is still missing. */
  change: Section[];
  /** Same text in another place: its lines, neighbours or link changed. */
  move: Section[];
  remove: string[];
  keep: number;
  /** The stamp that should stand; `written_at` is empty and `without_vector` zero until it is written. */
  stamp: Stamp;
  stampAgrees: boolean;
};

/** What has to change for a collection to hold the book. Reads only. */
export async function compareBook(request: {
  book: Book;
  embedder: EmbeddingChoice;
  store: PassageStore;
  signal: AbortSignal;
}): Promise<BookDiff> {
  const { book, embedder, store, signal } = request;
  const wanted = wantedSections({ book, embedder });
  const stamp = stampFor({ sections: wanted, embedder, site: book.site });
  const state = await store.describe({ signal });
  const base = {
    state,
    wanted,
    stamp,
    add: wanted,
    change: [],
    move: [],
    remove: [],
    keep: 0,
    stampAgrees: false,
  };
  if (!state.exists) return { ...base, kind: 'new' };
  const standing = await readHashes(store, signal);
  const isTheirs = !isOurs(state, standing) || isAnotherBook({ state, standing, wanted, stamp });
  if (isTheirs || state.dimensions !== embedder.dimensions) return { ...base, kind: 'foreign', add: [] };

  const stampAgrees = state.stamp !== null && sameStamp(state.stamp, stamp);
  const { add, change, same } = sorted(wanted, standing);
  const ids = new Set(wanted.map(({ id }) => id));
  // A point that another tool put into our collection is not ours to delete.
  const remove = [...standing].flatMap(([id, { hash }]) => (ids.has(id) || !isOurHash(hash) ? [] : [id]));
  const isSame = stampAgrees && add.length + change.length + remove.length === 0;
  const move = isSame || same.length === 0 ? [] : await moved(same, store, signal);
  const kind = isSame ? 'unchanged' : state.points === 0 ? 'new' : 'changes';
  return { ...base, kind, add, change, move, remove, keep: same.length - move.length, stampAgrees };
}

function wantedSections({ book, embedder }: { book: Book; embedder: EmbeddingChoice }): Section[] {
  return book.sections.map((section) => ({ ...section, hash: sectionHash({ section, embedder }) }));
}

/** The stamp that a collection of this book carries, but for what only the indexing knows: when, and what it lacks. */
export function expectedStamp({ book, embedder }: { book: Book; embedder: EmbeddingChoice }): Stamp {
  return stampFor({ sections: wantedSections({ book, embedder }), embedder, site: book.site });
}

type Standing = Map<string, { hash: string; hasDense: boolean }>;

async function readHashes(store: PassageStore, signal: AbortSignal): Promise<Standing> {
  const standing: Standing = new Map();
  for await (const { id, hash, hasDense } of store.hashes({ signal })) standing.set(id, { hash, hasDense });
  return standing;
}

/** Stamped, or half-written by us: our vectors, and not one point that another tool wrote. */
function isOurs(state: CollectionState, standing: Standing): boolean {
  if (!state.exists || state.vectorName !== 'dense' || !state.hasSparse) return false;
  return state.stamp !== null || [...standing.values()].every(({ hash }) => isOurHash(hash));
}

/**
 * Two books in one collection would delete each other. Another name or address alone is no other book, nor are
 * pages that moved: only both together are.
 */
function isAnotherBook(of: {
  state: CollectionState;
  standing: Standing;
  wanted: readonly Section[];
  stamp: Stamp;
}): boolean {
  const { state, standing, wanted, stamp } = of;
  const before = state.exists ? (state.stamp?.book ?? '') : '';
  if (standing.size === 0 || before === stamp.book) return false;
  const shared = wanted.filter(({ id }) => standing.has(id)).length;
  return shared < standing.size * (before === '' ? leastShared.unnamed : leastShared.named);
}

/** Share of the standing sections that must be the book's own for it to be the same book. */
const leastShared = { named: 0.5, unnamed: 0.2 } as const;

function isOurHash(hash: string): boolean {
  return /^[0-9a-f]{32}$/.test(hash);
}

function sorted(
  wanted: readonly Section[],
  standing: Standing,
): { add: Section[]; change: Section[]; same: Section[] } {
  const add: Section[] = [];
  const change: Section[] = [];
  const same: Section[] = [];
  for (const section of wanted) {
    const before = standing.get(section.id);
    if (before === undefined) add.push(section);
    else if (before.hash === section.hash && before.hasDense) same.push(section);
    else change.push(section);
  }
  return { add, change, same };
}

async function moved(same: readonly Section[], store: PassageStore, signal: AbortSignal): Promise<Section[]> {
  const digests = new Map<string, string>();
  for await (const section of store.sections({ signal })) digests.set(section.id, payloadDigest(section));
  return same.filter((section) => digests.get(section.id) !== payloadDigest(section));
}

const payloadKeys = Object.keys(sectionPayload.shape).sort() as (keyof Section)[];

function payloadDigest(section: Section): string {
  const values = payloadKeys.map((key) => section[key]);
  return createHash('sha256').update(JSON.stringify(values)).digest('base64').slice(0, 22);
}

/** The stamp of a book that is wholly indexed with a model; `written_at` is empty. */
export function stampFor(of: {
  sections: readonly Section[];
  embedder: EmbeddingChoice;
  site: BookSite;
}): Stamp {
  const { sections, site } = of;
  const { model, dimensions } = of.embedder;
  const marks = sections.map((section) => `${section.id} ${payloadDigest(section)}`).sort();
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
    sections: sections.length,
    without_vector: 0,
    digest: createHash('sha256').update(marks.join('\n')).digest('hex').slice(0, 16),
    written_at: '',
  };
}

function sameStamp(one: Stamp, other: Stamp): boolean {
  const isSameBook = one.book === other.book && one.digest === other.digest;
  return sameRecipe(one, other) && isSameBook && one.without_vector === other.without_vector;
}

/** False when the standing vectors were made in another way, so that old and new ones must not be mixed. */
export function sameRecipe(one: Stamp, other: Stamp): boolean {
  return (
    one.embedding_model === other.embedding_model &&
    one.dimensions === other.dimensions &&
    one.text_format === other.text_format &&
    one.chunker === other.chunker
  );
}

export function foreignCollection(collection: string): Failure {
  return new Failure({
    code: 'collection-foreign',
    message: `The collection ${collection} holds another book, points that this tool did not write, or vectors of another size.`,
    remedy: `Set QDRANT_COLLECTION to another name, for example ${collection}-2; the old collection stays as it is.`,
  });
}
