import { createGeminiEmbedder } from '../../server/adapters/gemini/gemini-embedder.ts';
import { previewSync, syncBook, type SyncReport } from '../../indexer/sync/sync-book.ts';
import { embeddingCost } from '../../indexer/sync/embedding-cost.ts';
import type { RunEvent } from '../model/run/event.ts';
import { bookOf, collectionOf, qdrantHostOf, withQdrantRetry } from '../deployment/book/book-source.ts';
import type { BookContext } from '../deployment/context.ts';
import type { BookCollection } from '../deployment/remote-state.ts';
import { toWizardFailure } from '../deployment/server-errors.ts';
import { isIndexKept } from '../deployment/server/existing-secrets.ts';
import {
  progress,
  skipped,
  planChange,
  unchanged,
  type StepResult,
  type StepPlan,
  type Step,
} from './step.ts';

const me = { id: 'index-book', service: 'qdrant' } as const;

/** Brings the collection up to the book: only sections whose text changed are embedded anew. */
export const indexBook = { ...me, affectedBy: [], inspect } satisfies Step;

async function inspect(context: BookContext): Promise<StepPlan> {
  const { settings, credentials, signal } = context;
  if (isIndexKept(settings.existingSecrets)) return skipped(me, 'kept as it is: its keys were not asked for');
  if (settings.skipIndex) return skipped(me, 'not wanted (--no-index)');
  context.state.invalidate('collection');
  const [book, collection] = await Promise.all([bookOf(context), collectionOf(context)]);
  if (book === null) return skipped(me, 'no folder of the book was given');
  const { embeddingModel: model, dimensions } = credentials.gemini;
  const { store, state, isBeside } = collection;
  const diff = await withQdrantRetry(context, () =>
    previewSync({ book, embedder: { model, dimensions }, store, state, signal }),
  );
  const counts = diff.state.exists
    ? countsOf(diff)
    : `${countOf(diff.add, 'section')} of ${countOf(book.pages.length, 'page')}`;
  const cost = diff.tokens === 0 ? '' : `; ${embeddingCost({ tokens: diff.tokens, model })}`;
  const beside = isBeside ? ` (${settings.collection} holds something else and is left alone)` : '';
  if (diff.kind === 'unchanged')
    return unchanged(me, `${store.collection}: ${countOf(diff.keep, 'section')}${beside}`);
  const kind = diff.state.exists ? 'changes' : 'new';
  return planChange(me, kind, `${store.collection}: ${counts}${cost}${beside}`, () =>
    index(context, { collection, counts }),
  );
}

function countOf(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function countsOf(diff: { add: number; change: number; remove: number; keep: number }): string {
  const { add, change, remove, keep } = diff;
  const parts = [
    [add, 'new'],
    [change, 'changed'],
    [remove, 'gone'],
    [keep, 'kept'],
  ] as const;
  const told = parts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  return told.length === 0 ? 'nothing in it yet' : told.join(', ');
}

async function* index(
  context: BookContext,
  { collection, counts }: { collection: BookCollection; counts: string },
): AsyncGenerator<RunEvent, StepResult> {
  const { credentials, now, signal } = context;
  const sleep = (ms: number): Promise<unknown> => context.sleep(ms, { signal });
  const book = await bookOf(context);
  if (book === null) return { outcome: 'skipped', reason: 'no book' };
  const { gemini } = credentials;
  const embedder = createGeminiEmbedder({
    apiKey: gemini.key.reveal(),
    baseUrl: gemini.baseUrl,
    model: gemini.embeddingModel,
    dimensions: gemini.dimensions,
  });
  const { store, state } = collection;
  const entry = {
    step: me.id,
    change: state.exists ? 'changed' : 'created',
    thing: 'collection',
    id: store.collection,
    place: qdrantHostOf(context),
    previous: null,
  } as const;
  await context.journal.add({ ...entry, type: 'intent' });
  let report: SyncReport;
  try {
    report = yield* withProgress(syncBook({ book, embedder, store, now, sleep, signal }));
  } catch (cause) {
    signal.throwIfAborted();
    throw toWizardFailure(cause);
  }
  await context.journal.add({ ...entry, type: 'done' });
  if (report.withoutVector > 0) yield sectionsWithoutVector(report.withoutVector);
  // Another run, which was waited for, did it all.
  if (report.outcome === 'unchanged')
    return { outcome: 'unchanged', reason: `${store.collection}: ${countOf(report.kept, 'section')}` };
  return { outcome: 'changed', reason: `${store.collection}: ${counts}` };
}

function sectionsWithoutVector(sections: number): RunEvent {
  return {
    type: 'notice',
    code: 'sections-without-vector',
    message: `The day’s embedding quota of the Gemini key is used up: ${countOf(sections, 'section')} can be found by their words only.`,
    remedy: 'Run npx rag-space-setup index tomorrow: it embeds these, and nothing else.',
  };
}

async function* withProgress<T>(
  syncing: AsyncGenerator<{ done: number; total: number; note: string }, T>,
): AsyncGenerator<RunEvent, T> {
  try {
    for (;;) {
      const step = await syncing.next();
      if (step.done === true) return step.value;
      const { done, total, note } = step.value;
      yield progress(me, { done, total, note });
    }
  } finally {
    // Whoever stops listening in the middle leaves no lease behind.
    await syncing.return(undefined as never);
  }
}
