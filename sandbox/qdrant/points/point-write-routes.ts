import { requireAccess } from '../access.ts';
import { collectionName } from '../collection-name.ts';
import type { StoredCollection } from '../collection.ts';
import { badRequest, QdrantApiError } from '../errors.ts';
import { spend } from '../rate-limiter.ts';
import { batchBody, parseBody } from '../requests.ts';
import { doesWait, updateResult, type ResultRoute } from '../result-route.ts';
import { openCollection, type QdrantRouteCall, type QdrantState } from '../state.ts';
import { checkStrictMode } from '../strict-mode.ts';
import { writeOperations, type WriteOperation } from './write-operations.ts';

const base = '/collections/:collection/points';
type OperationName = keyof typeof writeOperations;

/** Routes that change points. A successful write counts even if it changes nothing. */
export function pointWriteRoutes(state: QdrantState): ResultRoute[] {
  const route = (
    [method, path, name]: [string, string, string],
    result: (call: QdrantRouteCall) => unknown,
  ): ResultRoute => ({ method, path: `${base}${path}`, name, writes: true, result });
  const single = (operation: OperationName) => (call: QdrantRouteCall) =>
    runOperations(state, call, [[operation, call.json]])[0];
  return [
    route(['PUT', '', 'upsert'], single('upsert')),
    route(['POST', '/batch', 'batch'], (call) => runOperations(state, call, operationsOf(call))),
    route(['POST', '/delete', 'delete'], single('delete')),
    route(['PUT', '/payload', 'overwrite-payload'], single('overwrite_payload')),
    route(['POST', '/payload', 'set-payload'], single('set_payload')),
    route(['POST', '/payload/delete', 'delete-payload'], single('delete_payload')),
    route(['POST', '/payload/clear', 'clear-payload'], single('clear_payload')),
    route(['PUT', '/vectors', 'update-vectors'], single('update_vectors')),
    route(['POST', '/vectors/delete', 'delete-vectors'], single('delete_vectors')),
  ];
}

/** An operation of a batch is an object with its name as the only key. */
function operationsOf(call: QdrantRouteCall): [OperationName, () => unknown][] {
  return parseBody(batchBody, call).operations.map((operation) => {
    const [name, body] = Object.entries(operation)[0] as [OperationName, unknown];
    return [name, () => body];
  });
}

/**
 * Runs operations in the engine's order: all are parsed and held to strict mode first, then one after the other is
 * held to the key's rights and applied. The first refusal ends the request, and those before it stay.
 */
function runOperations(
  state: QdrantState,
  call: QdrantRouteCall,
  operations: [OperationName, () => unknown][],
): object[] {
  const parsed = operations.map(([name, json]) => {
    const operation = writeOperations[name] as WriteOperation<unknown>;
    return { operation, body: parseBody(operation.schema, { ...call, json }) };
  });
  if (parsed.length === 0) return [];
  const collection = openCollection(state, call);
  for (const { operation, body } of parsed) checkStrictMode(collection, operation.checked(body));
  return parsed.map((write) => runOperation(state, { call, collection, ...write }));
}

function runOperation(
  state: QdrantState,
  {
    call,
    collection,
    operation,
    body,
  }: {
    call: QdrantRouteCall;
    collection: StoredCollection;
    operation: WriteOperation<unknown>;
    body: unknown;
  },
): object {
  operation.validate?.(collection, body);
  requireAccess(call.access, collectionName(call), 'points');
  if (operation.isEmpty(body)) throw badRequest('Empty update request');
  spend(collection.rates, 'write', 1);
  if (state.diskFull && operation.needsSpace) throw fullDisk();
  collection.operations += 1;
  try {
    operation.apply(collection, body);
  } catch (error) {
    if (doesWait(call) || !(error instanceof QdrantApiError)) throw error;
  }
  return updateResult(collection, call);
}

/** A node's quota of 1.19.0 (lib/shard/src/quota/check.rs). */
const fullDisk = (): QdrantApiError =>
  new QdrantApiError(
    507,
    'Insufficient storage: Disk usage is at 97% of total capacity, exceeding the configured limit of 95%. ' +
      'Help: Reduce disk usage (e.g. delete points or drop collections), or raise `max_disk_usage_percent` in the global quota config.',
  );
