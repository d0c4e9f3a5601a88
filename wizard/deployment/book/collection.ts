import { previewSync } from '../../../indexer/sync/preview-sync.ts';
import { createQdrantStore } from '../../../server/adapters/qdrant/qdrant-store.ts';
import { ServerFailure } from '../../../server/failure.ts';
import type { CollectionState, PassageStore } from '../../../server/collection/ports.ts';
import type { Credentials } from '../../model/credential.ts';
import { Failure } from '../../model/failure.ts';
import type { BookContext } from '../context.ts';
import type { BookCollection } from '../remote-state.ts';
import { translateServerErrors } from '../server-errors.ts';
import { bookOf } from './book-source.ts';

/** Names that are tried: the wanted one, `<name>-2` up to `<name>-9`. */
const maxNames = 9;

/** The collection that the book goes to: the wanted one, or the first numbered one that this tool may write to. */
export function collectionOf(context: BookContext): Promise<BookCollection> {
  return context.state.collection(() => findCollection(context));
}

async function findCollection(context: BookContext): Promise<BookCollection> {
  const { collection: name, skipIndex } = context.settings;
  let first: BookCollection | null = null;
  for (let n = 1; n <= maxNames; n++) {
    if (n > 1 && context.credentials.qdrant.access !== 'manage') throw noOtherName(name);
    const store = storeOf(context, n === 1 ? name : `${name}-${n}`);
    const state = await withQdrantRetry(context, () => store.describe({ signal: context.signal }));
    const candidate = { store, state, isBeside: n > 1 };
    first ??= candidate;
    if (!state.exists) return skipIndex ? first : candidate;
    if (await isOurs(context, candidate)) return candidate;
  }
  throw new Failure({
    code: 'collection-foreign',
    service: 'qdrant',
    message: `The collection ${name} and those numbered after it were not written by this tool.`,
    remedy: 'Name another collection in QDRANT_COLLECTION.',
  });
}

/** A key that may not create is for this collection alone. */
function noOtherName(name: string): Failure {
  return new Failure({
    code: 'collection-foreign',
    service: 'qdrant',
    message: `The collection ${name} holds something else, and this Qdrant key may not create another one beside it.`,
    remedy:
      'Give a key that manages the cluster, or name a collection that the key may write in QDRANT_COLLECTION.',
  });
}

/** Written, or begun, by this tool for this book, with vectors of the model in use. */
async function isOurs(context: BookContext, { store, state }: BookCollection): Promise<boolean> {
  if (!state.exists || state.vectorName !== 'dense' || !state.hasSparse) return false;
  const book = await bookOf(context);
  if (book === null) return state.stamp !== null;
  const { embeddingModel: model, dimensions } = context.credentials.gemini;
  if (state.dimensions !== dimensions) return false;
  if (state.points === 0) return true;
  const { signal } = context;
  const preview = await withQdrantRetry(context, () =>
    previewSync({ book, embedder: { model, dimensions }, store, state, signal }),
  );
  return preview.kind !== 'foreign';
}

/** Host and port of the cluster, by which the journal knows where a collection is. */
export function qdrantHostOf({ credentials }: Pick<BookContext, 'credentials'>): string {
  return new URL(credentials.qdrant.url.reveal()).host;
}

type QdrantAccess = { credentials: Pick<Credentials, 'qdrant'> } & Pick<
  BookContext,
  'fetch' | 'sleep' | 'signal'
>;

/** Reads a collection's state. Throws Failure as every call of Qdrant. */
export function describeCollection(context: QdrantAccess, collection: string): Promise<CollectionState> {
  const { signal } = context;
  return withQdrantRetry(context, () => storeOf(context, collection).describe({ signal }));
}

function storeOf({ credentials }: Pick<QdrantAccess, 'credentials'>, collection: string): PassageStore {
  const { url, key } = credentials.qdrant;
  return createQdrantStore({ url: url.reveal(), apiKey: key?.reveal() ?? null, collection });
}

const tries = 3;
const firstPauseMs = 500;

/** Repeats a read: a cluster that is waking up or busy answers a moment later. */
export async function withQdrantRetry<T>(
  context: Pick<BookContext, 'sleep' | 'signal'>,
  read: () => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await translateServerErrors(read());
    } catch (error) {
      const isTransient = error instanceof Failure && error.kind === 'unreachable';
      if (!isTransient || attempt === tries) throw error;
      const waitMs = error.cause instanceof ServerFailure ? error.cause.retryAfterMs : undefined;
      await context.sleep(waitMs ?? firstPauseMs * 2 ** (attempt - 1), { signal: context.signal });
      context.signal.throwIfAborted();
    }
  }
}
