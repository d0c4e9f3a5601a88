import type { HostedVariables } from '../clients/hub-schemas.ts';
import type { CollectionState } from '../../server/collection/ports.ts';
import type { Finding } from './finding.ts';

const service = 'qdrant';

/** Whether the server can search the collection with the model that it is set to. Pure. */
export function diagnoseCollection(
  state: CollectionState,
  server: {
    collection: string;
    variables: HostedVariables | null;
    /** Whether the server reports that it searches it, as it can one that another tool wrote. */
    isServed: boolean;
  },
): Finding[] {
  const { collection, variables, isServed } = server;
  const remedy = 'Index the book: npx rag-space-setup index, in its folder.';
  const finding = (code: string, message: string, action = remedy): Finding[] => [
    { code, service, message, remedy: action },
  ];
  if (!state.exists) return finding('collection-missing', `There is no collection ${collection}.`);
  const { stamp } = state;
  if (state.points === 0) return finding('collection-empty', `The collection ${collection} holds nothing.`);
  if (stamp === null && isServed) return [];
  if (stamp === null) {
    const message = `The collection ${collection} (${state.points} points) has no stamp: it was written by another tool, or not completely.`;
    return finding('collection-unstamped', message);
  }
  const model = variables?.['GEMINI_EMBEDDING_MODEL']?.value;
  if (model !== undefined && model !== stamp.embedding_model) {
    const message = `${collection} was written with ${stamp.embedding_model}, the server searches with ${model}: nothing would be found.`;
    return finding(
      'stamp-differs',
      message,
      'Run npx rag-space-setup: it writes a collection for that model.',
    );
  }
  if (stamp.dimensions !== state.dimensions) {
    const message = `${collection} has vectors of ${state.dimensions ?? 'unknown'} dimensions, its stamp says ${stamp.dimensions}.`;
    return finding('stamp-differs', message);
  }
  if (stamp.sections === 0)
    return finding('collection-empty', `The collection ${collection} holds no section.`);
  const missing = stamp.sections - (state.points - 1);
  if (missing > 0)
    return finding(
      'collection-incomplete',
      `${missing} of ${stamp.sections} sections are missing in ${collection}.`,
    );
  if (stamp.without_vector === 0) return [];
  const message = `${stamp.without_vector} of ${stamp.sections} sections have no vector yet: a day’s embedding quota was reached.`;
  return finding('sections-without-vector', message, 'Run npx rag-space-setup index again tomorrow.');
}
