import type { Call, Route } from '../exchange.ts';
import type { Collection } from './collection.ts';

/** A route whose handler returns the `result` of the envelope. */
export type ResultRoute = Omit<Route, 'handle'> & { result(call: Call): unknown };

/** A write's answer. Without `wait=true` the vendor only acknowledges. */
export function written(collection: Collection, call: Call): object {
  collection.operations += 1;
  const status = call.query.get('wait') === 'true' ? 'completed' : 'acknowledged';
  return { operation_id: collection.operations, status };
}
