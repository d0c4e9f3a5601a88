import type { Route } from '../exchange/serve-routes.ts';
import type { StoredCollection } from './collection.ts';
import type { QdrantRouteCall } from './state.ts';

/** A route whose handler returns the `result` of the envelope. */
export type ResultRoute = Omit<Route, 'handle'> & { result(call: QdrantRouteCall): unknown };

/** The result of a write; without `wait=true` the vendor only acknowledges it. */
export function updateResult(collection: StoredCollection, call: QdrantRouteCall): object {
  return { operation_id: collection.operations, status: doesWait(call) ? 'completed' : 'acknowledged' };
}

/** Without it, the write is only queued, and what fails later is not reported. */
export const doesWait = (call: QdrantRouteCall): boolean => call.query.get('wait') === 'true';
