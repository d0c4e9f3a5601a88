import type { PassageReader, SectionLookup } from '../../collection/ports.ts';
import type { Passage } from '../protocol.ts';
import type { CircuitBreaker } from '../resilience/circuit-breaker.ts';
import { withDeadline } from '../resilience/deadline.ts';
import type { ChatSettings } from '../settings.ts';
import { sectionsInMemory, type SearchableBook } from '../book-index/book-state.ts';

/** Number of top passages whose neighbours are loaded. */
const expandedPassages = 2;

/**
 * Looks up the sections before and after the best passages: in memory, or with one call to Qdrant for a remote book.
 * Never rejects: an answer is possible without them.
 */
export async function loadAdjacentSections({
  ranked,
  book,
  deps: { passageStore, breakers, settings },
  signal,
}: {
  ranked: readonly Passage[];
  book: SearchableBook;
  deps: {
    passageStore: Pick<PassageReader, 'sectionsById'>;
    breakers: { qdrant: CircuitBreaker };
    settings: ChatSettings;
  };
  signal: AbortSignal;
}): Promise<SectionLookup> {
  if (book.type !== 'remote') return (id) => sectionsInMemory(book).get(id);
  const sections = new Map(ranked.map(({ section }) => [section.id, section]));
  const adjacent = ranked
    .slice(0, expandedPassages)
    .flatMap(({ section }) => [section.next, section.previous]);
  const ids = adjacent.filter((id): id is string => id !== null && !sections.has(id));
  const limits = { signal, ms: settings.searchTimeoutMs, service: 'qdrant' };
  const load = () => withDeadline(limits, (limited) => passageStore.sectionsById({ ids, signal: limited }));
  const loaded = ids.length === 0 ? [] : await breakers.qdrant.run(load, signal).catch(() => []);
  for (const section of loaded) sections.set(section.id, section);
  return (id) => sections.get(id);
}
