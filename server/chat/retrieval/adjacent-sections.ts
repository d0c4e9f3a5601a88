import type { PassageReader } from '../../collection/ports.ts';
import type { Section } from '../../collection/section.ts';
import type { CircuitBreaker } from '../resilience/circuit-breaker.ts';
import { withDeadline } from '../resilience/deadline.ts';
import type { IndexSnapshot } from './book-index.ts';
import type { Passage } from '../protocol.ts';
import type { ChatSettings } from '../settings.ts';

/** So many of the best passages have what stands around them looked up. */
const expandedPassages = 2;

/**
 * The sections around the best passages, by their id: from memory, or in one call from Qdrant where the book is left
 * there. Never rejects: an answer does without them.
 */
export async function loadAdjacentSections({
  ranked,
  holding,
  parts: { store, breakers, settings },
  signal,
}: {
  ranked: readonly Passage[];
  holding: IndexSnapshot;
  parts: {
    store: Pick<PassageReader, 'sectionsById'>;
    breakers: { qdrant: CircuitBreaker };
    settings: ChatSettings;
  };
  signal: AbortSignal;
}): Promise<(id: string) => Section | undefined> {
  if (holding.lexicalBackend === 'memory') return (id) => holding.sections.get(id);
  const found = new Map(ranked.map(({ section }) => [section.id, section]));
  const around = ranked.slice(0, expandedPassages).flatMap(({ section }) => [section.next, section.previous]);
  const ids = around.filter((id): id is string => id !== null && !found.has(id));
  const limits = { signal, ms: settings.searchTimeoutMs, service: 'qdrant' };
  const read = () => withDeadline(limits, (limited) => store.sectionsById({ ids, signal: limited }));
  const sections = ids.length === 0 ? [] : await breakers.qdrant.run(read, signal).catch(() => []);
  for (const section of sections) found.set(section.id, section);
  return (id) => found.get(id);
}
