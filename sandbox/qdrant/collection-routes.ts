import { maySee, requireAccess, requireManage } from './access.ts';
import { collectionName } from './collection-name.ts';
import { createCollection, unknownVector, type CollectionSettings, type PayloadIndex } from './collection.ts';
import { createBody, indexBody, updateBody, type StrictMode } from './collection-requests.ts';
import { describeCollection } from './describe-collection.ts';
import { alreadyExists, badRequest, validationError, wrongInput } from './errors.ts';
import { createRateLimiters } from './rate-limiter.ts';
import { parseBody } from './requests.ts';
import { updateResult, type ResultRoute } from './result-route.ts';
import { cloudStrictMode, openCollection, type QdrantRouteCall, type QdrantState } from './state.ts';
import { checkIndexCount } from './strict-mode.ts';

const path = '/collections/:collection';

/** Collections and their payload indexes. */
export function collectionRoutes(state: QdrantState): ResultRoute[] {
  const read = (routePath: string, name: string, result: ResultRoute['result']): ResultRoute => ({
    method: 'GET',
    path: routePath,
    name,
    result,
  });
  const write = (
    [method, routePath, name]: [string, string, string],
    result: ResultRoute['result'],
  ): ResultRoute => ({ method, path: routePath, name, writes: true, result });
  return [
    read('/collections', 'collections', ({ access }) => ({
      collections: [...state.collections.keys()]
        .filter((name) => maySee(access, name))
        .toSorted()
        .map((name) => ({ name })),
    })),
    read(`${path}/exists`, 'exists', (call) => {
      const name = collectionName(call);
      requireAccess(call.access, name, 'read');
      return { exists: state.collections.has(state.aliases.get(name) ?? name) };
    }),
    read(path, 'collection', (call) => describeCollection(openCollection(state, call), state.uncounted)),
    write(['PUT', path, 'create-collection'], (call) => create(state, call)),
    write(['PATCH', path, 'update-collection'], (call) => update(state, call)),
    write(['DELETE', path, 'delete-collection'], (call) => remove(state, call)),
    write(['PUT', `${path}/index`, 'create-index'], (call) => createIndex(state, call)),
    write(['DELETE', `${path}/index/:field`, 'delete-index'], (call) => deleteIndex(state, call)),
  ];
}

function create(state: QdrantState, call: QdrantRouteCall): true {
  const name = collectionName(call, { isNew: true });
  const body = parseBody(createBody, call);
  requireManage(call.access);
  if (state.aliases.has(name))
    throw wrongInput(`Can't create collection with name ${name}. Alias with the same name already exists`);
  if (state.collections.has(name)) throw alreadyExists(name);
  const { vectors, sparse_vectors: sparse } = body;
  const strict = merge(state.strict ? cloudStrictMode : { enabled: false }, body.strict_mode_config);
  const params = {
    shard_number: body.shard_number,
    replication_factor: body.replication_factor,
    write_consistency_factor: body.write_consistency_factor,
    on_disk_payload: body.on_disk_payload,
  };
  const settings: CollectionSettings = {
    params: merge({}, params),
    hnsw: merge({}, body.hnsw_config),
    optimizers: merge({}, body.optimizers_config),
    wal: merge({}, body.wal_config),
    quantization: body.quantization_config ?? null,
  };
  state.collections.set(name, createCollection({ vectors, sparse, strict, settings }));
  return true;
}

/** The values of both; a null keeps what was there, as in the engine's differences. */
function merge<T extends object>(base: T, change: object | null | undefined): T {
  const set = Object.entries(change ?? {}).filter(([, value]) => value != null);
  return { ...base, ...Object.fromEntries(set) };
}

function update(state: QdrantState, call: QdrantRouteCall): true {
  const body = parseBody(updateBody, call);
  requireManage(call.access);
  const collection = openCollection(state, call);
  const { settings, dense } = collection;
  for (const [vector, change] of Object.entries(body.vectors ?? {})) {
    const params = dense.get(vector);
    if (params === undefined) throw unknownVector(vector);
    dense.set(vector, merge(params, change));
  }
  settings.params = merge(settings.params, body.params);
  settings.hnsw = merge(settings.hnsw, body.hnsw_config);
  settings.optimizers = merge(settings.optimizers, body.optimizers_config);
  settings.quantization = body.quantization_config ?? settings.quantization;
  if (body.strict_mode_config != null) {
    collection.strict = merge<StrictMode>(collection.strict, body.strict_mode_config);
    collection.rates = createRateLimiters(collection.strict);
  }
  return true;
}

/** Deletes a collection by its name, not by an alias; its aliases are deleted too. */
function remove(state: QdrantState, call: QdrantRouteCall): boolean {
  const name = collectionName(call);
  requireManage(call.access);
  for (const [alias, target] of state.aliases) if (target === name) state.aliases.delete(alias);
  return state.collections.delete(name);
}

/** Operations that one change of an index takes in the engine's log. */
const operationsPerIndex = 2;

function createIndex(state: QdrantState, call: QdrantRouteCall): object {
  const { field_name: field, field_schema: schema } = parseBody(indexBody, call);
  const collection = openCollection(state, call);
  checkIndexCount(collection);
  requireAccess(call.access, collectionName(call), 'index');
  if (schema == null)
    throw badRequest("Can't auto-detect field type, please specify `field_schema` in the request");
  const index: PayloadIndex =
    typeof schema === 'string' ? { type: schema } : { type: schema.type, params: schema };
  collection.indexes.set(field, index);
  collection.operations += operationsPerIndex;
  return updateResult(collection, call);
}

function deleteIndex(state: QdrantState, call: QdrantRouteCall): object {
  const field = call.params['field'] ?? '';
  if (field === '') throw validationError('field_name: must not be empty', 'path parameters');
  const collection = openCollection(state, call);
  requireAccess(call.access, collectionName(call), 'index');
  collection.indexes.delete(field);
  collection.operations += operationsPerIndex;
  return updateResult(collection, call);
}
