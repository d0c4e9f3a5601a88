import { setImmediate as turn } from 'node:timers/promises';
import type { LexicalHits } from '../index/bm25.ts';
import type { PassageReader, ScoredSection } from '../index/ports.ts';
import type { Section } from '../index/section.ts';
import type { Breaker } from './breaker.ts';
import { unlessAborted, withDeadline } from './deadline.ts';
import { fuse } from './fuse.ts';
import type { Holding } from './library.ts';
import type { Passage, Rung } from './protocol.ts';
import type { QueryVectors } from './query-vectors.ts';
import type { ChatSettings } from './settings.ts';
import { searchWords } from './search-words.ts';

export type Retrieved = {
  ranked: Passage[];
  rungs: Rung[];
  /** The best section's share of the question's words, 0 to 1; null when there are no words to search. */
  coverage: number | null;
  /** The best cosine; null when the dense leg did not run. */
  cosine: number | null;
};

export type RetrievalParts = {
  vectors: Pick<QueryVectors, 'of'>;
  store: PassageReader;
  breakers: { qdrant: Breaker };
  settings: ChatSettings;
  log: (failure: unknown) => void;
};

/**
 * Both legs at once, fused. Either may fail without harm, which the breaker remembers and `rungs` names; in memory
 * the lexical one cannot.
 */
export async function retrieve({
  text,
  holding,
  parts,
  signal,
}: {
  text: string;
  holding: Holding;
  parts: RetrievalParts;
  signal: AbortSignal;
}): Promise<Retrieved> {
  const { settings } = parts;
  // Its turn may come when its reader has gone: then nobody's quota is spent on it.
  signal.throwIfAborted();
  const asked = holding.dense.usable
    ? searchDense({ text, parts, known: knownIn(holding), signal })
    : Promise.resolve(null);
  // The question for the vector goes out first: what words find is found while it is on its way.
  const looked = turn().then(() => searchWords({ text, holding, parts, signal }));
  const without = (error: unknown): null => {
    if (!signal.aborted) parts.log(error);
    return null;
  };
  const [dense, lexical] = await Promise.all([asked.catch(without), looked.catch(without)]);
  signal.throwIfAborted();
  return {
    ranked: fuse({ dense: dense ?? [], lexical: lexical?.hits ?? [], weights: settings.weights }),
    rungs: rungsOf({ dense, lexical, holding }),
    coverage: lexical?.coverage ?? null,
    cosine: dense === null ? null : (dense[0]?.score ?? 0),
  };
}

/** A stamped collection is held as it stands there, so its texts need not come with every answer. */
function knownIn({ from, writtenAt, sections }: Holding): ((id: string) => Section | undefined) | undefined {
  return from === 'collection' && writtenAt !== null ? (id) => sections.get(id) : undefined;
}

async function searchDense({
  text,
  parts: { vectors, store, breakers, settings },
  known,
  signal,
}: {
  text: string;
  parts: RetrievalParts;
  known: ((id: string) => Section | undefined) | undefined;
  signal: AbortSignal;
}): Promise<ScoredSection[]> {
  const open = breakers.qdrant.open;
  if (open !== null) throw open;
  // The vector may be another reader's too, so it goes on; this one does not wait for it after leaving.
  const vector = await unlessAborted(vectors.of(text), signal);
  return breakers.qdrant.run(
    () =>
      withDeadline({ signal, ms: settings.searchTimeoutMs, service: 'qdrant' }, (limited) =>
        store.searchDense({ vector, limit: settings.legLimit, known, signal: limited }),
      ),
    signal,
  );
}

function rungsOf({
  dense,
  lexical,
  holding,
}: {
  dense: ScoredSection[] | null;
  lexical: LexicalHits | null;
  holding: Holding;
}): Rung[] {
  const search: Rung = dense === null ? 'lexical' : lexical === null ? 'dense' : 'hybrid';
  return holding.from === 'book.json' ? [search, 'bundled-book'] : [search];
}
