import { clusterNeed } from '../../indexer/sync/cluster-need.ts';
import { embeddingCost } from '../../indexer/sync/embedding-cost.ts';
import { previewSync } from '../../indexer/sync/preview-sync.ts';
import { syncBook, type SyncReport } from '../../indexer/sync/sync-book.ts';
import type { Enricher } from '../../indexer/sync/enrichment/enricher.ts';
import { createGeminiEmbedder } from '../../server/adapters/gemini/gemini-embedder.ts';
import { createGeminiEnricher } from '../../server/adapters/gemini/gemini-enricher.ts';
import { enrichmentRecipe } from '../../server/collection/enrichment/enrichment.ts';
import { openEnrichmentFile } from '../deployment/book/enrichment-file.ts';
import { bookOf } from '../deployment/book/book-source.ts';
import { collectionOf, qdrantHostOf, withQdrantRetry } from '../deployment/book/collection.ts';
import type { BookContext } from '../deployment/context.ts';
import type { BookCollection } from '../deployment/remote-state.ts';
import { toWizardFailure } from '../deployment/server-errors.ts';
import { isIndexKept } from '../deployment/server/existing-secrets.ts';
import type { RunEvent } from '../model/run/event.ts';
import {
  planChange,
  progress,
  skipped,
  unchanged,
  type Step,
  type StepPlan,
  type StepResult,
} from './step.ts';

const step = { id: 'index-book', service: 'qdrant' } as const;

/** Brings the collection up to date with the book: only sections whose text changed are embedded again. */
export const indexBook = { ...step, affectedBy: [], inspect } satisfies Step;

async function inspect(context: BookContext): Promise<StepPlan> {
  const { settings, credentials, signal } = context;
  if (isIndexKept(settings.existingSecrets))
    return skipped(step, 'kept as it is: its keys were not asked for');
  if (settings.skipIndex) return skipped(step, 'not wanted (--no-index)');
  context.state.invalidate('collection');
  const [book, collection] = await Promise.all([bookOf(context), collectionOf(context)]);
  if (book === null) return skipped(step, 'no folder of the book was given');
  const { embeddingModel: model, dimensions } = credentials.gemini;
  const { store, state, isBeside } = collection;
  const recipe = isEnriched(settings, state) ? { recipe: enrichmentRecipe } : {};
  const diff = await withQdrantRetry(context, () =>
    previewSync({ book, embedder: { model, dimensions }, ...recipe, store, state, signal }),
  );
  const counts = diff.state.exists
    ? countChanges(diff)
    : `${count(diff.add, 'section')} of ${count(book.pages.length, 'page')}`;
  const cost = diff.tokens === 0 ? '' : `; ${embeddingCost({ tokens: diff.tokens, model })}`;
  const calls = diff.enrichmentCalls;
  const enriching =
    calls === 0 ? '' : `; up to ${count(calls, 'call')} of ${credentials.gemini.answerModel} to enrich them`;
  const need = clusterNeed({ sections: diff.add + diff.change + diff.keep, dimensions });
  const beside = isBeside ? ` (${settings.collection} holds something else and is left alone)` : '';
  if (diff.kind === 'unchanged') {
    const what = `${store.collection}: ${count(diff.keep, 'section')}${beside}`;
    return noteUse(context, { collection, plan: unchanged(step, what) });
  }
  const kind = diff.state.exists ? 'changes' : 'new';
  const needs = need === null ? '' : `; ${need}`;
  return planChange(step, kind, `${store.collection}: ${counts}${cost}${enriching}${needs}${beside}`, () =>
    index(context, { collection, counts }),
  );
}

/** A server that moved finds its book indexed: the journal has to say even so that this place uses the collection. */
function noteUse(
  context: BookContext,
  { collection, plan }: { collection: BookCollection; plan: StepPlan },
): StepPlan {
  const entry = collectionEntry(context, collection);
  const isKnown = context.journal.entries.some(
    ({ thing, id, place }) => thing === entry.thing && id === entry.id && place === entry.place,
  );
  if (isKnown) return plan;
  return {
    ...plan,
    // oxlint-disable-next-line require-yield -- nothing at the vendor is changed
    run: async function* () {
      await context.journal.add({ ...entry, type: 'done' });
      return { outcome: 'unchanged', reason: plan.change.what };
    },
  };
}

function collectionEntry(context: BookContext, { store, state }: BookCollection) {
  return {
    step: step.id,
    change: state.exists ? 'changed' : 'created',
    thing: 'collection',
    id: store.collection,
    place: qdrantHostOf(context),
    previous: null,
  } as const;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function countChanges(diff: { add: number; change: number; remove: number; keep: number }): string {
  const counts = [
    [diff.add, 'new'],
    [diff.change, 'changed'],
    [diff.remove, 'gone'],
    [diff.keep, 'kept'],
  ] as const;
  const parts = counts.filter(([number]) => number > 0).map(([number, what]) => `${number} ${what}`);
  return parts.length === 0 ? 'nothing in it yet' : parts.join(', ');
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
  const { store } = collection;
  const entry = collectionEntry(context, collection);
  await context.journal.add({ ...entry, type: 'intent' });
  let report: SyncReport;
  try {
    report = yield* withProgress(
      syncBook({ book, embedder, store, ...(await enricherFor(context, collection)), now, sleep, signal }),
    );
  } catch (cause) {
    signal.throwIfAborted();
    throw toWizardFailure(cause);
  }
  await context.journal.add({ ...entry, type: 'done' });
  if (report.withoutVector > 0) yield sectionsWithoutVector(report.withoutVector);
  if (report.withoutEnrichment > 0) yield sectionsWithoutEnrichment(report.withoutEnrichment);
  // Another run held the collection's write lock, and did all the work.
  if (report.outcome === 'unchanged')
    return { outcome: 'unchanged', reason: `${store.collection}: ${count(report.kept, 'section')}` };
  return { outcome: 'changed', reason: `${store.collection}: ${counts}` };
}

async function enricherFor(
  { settings, credentials: { gemini }, fetch }: BookContext,
  { store: { collection }, state }: BookCollection,
): Promise<{ enricher?: Enricher }> {
  if (settings.enrichment === undefined || !isEnriched(settings, state)) return {};
  const { baseUrl, answerModel: model } = gemini;
  const enrich = createGeminiEnricher({ apiKey: gemini.key.reveal(), baseUrl, model, fetch });
  return { enricher: { enrich, cache: await openEnrichmentFile({ ...settings.enrichment, collection }) } };
}

/** An enriched collection stays so until the user turns it off: its texts cost a call each. */
function isEnriched(
  { enrichment }: Pick<BookContext['settings'], 'enrichment'>,
  state: BookCollection['state'],
): boolean {
  const wasEnriched = state.exists && state.stamp?.enrichment !== undefined;
  return enrichment !== undefined && (enrichment.isWanted ?? wasEnriched);
}

function sectionsWithoutEnrichment(sections: number): RunEvent {
  return {
    type: 'notice',
    code: 'sections-without-enrichment',
    message: `The day’s quota of the Gemini key is used up: ${count(sections, 'section')} are not enriched.`,
    remedy: 'Run the same command tomorrow: it enriches these, and nothing else.',
  };
}

function sectionsWithoutVector(sections: number): RunEvent {
  return {
    type: 'notice',
    code: 'sections-without-vector',
    message: `The day’s embedding quota of the Gemini key is used up: ${count(sections, 'section')} can be found by their words only.`,
    remedy: 'Run npx rag-space-setup index tomorrow: it embeds these, and nothing else.',
  };
}

async function* withProgress<T>(
  sync: AsyncGenerator<{ done: number; total: number; note: string }, T>,
): AsyncGenerator<RunEvent, T> {
  try {
    for (;;) {
      const next = await sync.next();
      if (next.done === true) return next.value;
      const { done, total, note } = next.value;
      yield progress(step, { done, total, note });
    }
  } finally {
    // A run that stops here must release the collection's write lock.
    await sync.return(undefined as never);
  }
}
