import type { RouteCall, Route } from '../exchange/serve-routes.ts';
import type { StoredCollection } from './collection.ts';

/** A route whose handler returns the `result` of the envelope. */
export type ResultRoute = Omit<Route, 'handle'> & { result(call: RouteCall): unknown };

/** The result of a write; without `wait=true` the vendor only acknowledges it. */
export function updateResult(collection: StoredCollection, call: RouteCall): object {
  collection.operations += 1;
  const status = call.query.get('wait') === 'true' ? 'completed' : 'acknowledged';
  return { operation_id: collection.operations, status };
}
