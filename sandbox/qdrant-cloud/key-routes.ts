import { createHmac, randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { Route } from '../exchange/serve-routes.ts';
import { cloudError } from './cloud-error.ts';
import { isoTime, keyed, type CloudState, type SandboxDatabaseKey } from './state.ts';

const accessRule = z.union([
  z.strictObject({
    globalAccess: z.strictObject({
      accessType: z.enum([
        'GLOBAL_ACCESS_RULE_ACCESS_TYPE_READ_ONLY',
        'GLOBAL_ACCESS_RULE_ACCESS_TYPE_MANAGE',
      ]),
    }),
  }),
  z.strictObject({
    collectionAccess: z.strictObject({
      collectionName: z.string(),
      accessType: z.enum([
        'COLLECTION_ACCESS_RULE_ACCESS_TYPE_READ_ONLY',
        'COLLECTION_ACCESS_RULE_ACCESS_TYPE_READ_WRITE',
      ]),
    }),
  }),
]);
type AccessRule = z.infer<typeof accessRule>;

const newKey = z.object({
  databaseApiKey: z.looseObject({
    clusterId: z.string(),
    name: z.string().regex(/^[\w -]{1,64}$/),
    expiresAt: z.iso.datetime().optional(),
    accessRules: z.array(accessRule).max(20).default([]),
  }),
});

/** Keys of databases, second version: tokens that the cluster itself reads. Their value is shown once. */
export function keyRoutes(state: CloudState): Route[] {
  const path = '/api/cluster/auth/v2/accounts/:account/database-api-keys';
  return [
    {
      method: 'GET',
      path,
      name: 'keys',
      handle: keyed(state, 'read:api_keys', ({ query }) => {
        const cluster = query.get('clusterId');
        const keys = state.keys.filter((key) => cluster === null || key.cluster === cluster);
        return { json: { items: keys.map((key) => keyView(state, key)) } };
      }),
    },
    {
      method: 'POST',
      path,
      name: 'create-key',
      writes: true,
      handle: keyed(state, 'write:api_keys', (call) => {
        const body = newKey.safeParse(call.json());
        if (!body.success)
          return cloudError('invalid-argument', body.error.issues[0]?.message ?? 'not valid');
        const { clusterId, name, expiresAt = null, accessRules } = body.data.databaseApiKey;
        const cluster = state.clusters.find(({ id }) => id === clusterId);
        if (cluster === undefined) return cloudError('not-found', 'cluster not found');
        const expires = expiresAt === null ? null : Date.parse(expiresAt);
        if (expires !== null && expires <= state.now())
          return cloudError('invalid-argument', 'expires_at must be in the future');
        const id = randomUUID();
        const value = tokenOf({ id, secret: cluster.server.apiKey, expires, rules: accessRules });
        const times = { createdAt: state.now(), expiresAt: expires };
        const key = { id, cluster: clusterId, name, value, ...times, rules: accessRules };
        state.keys.push(key);
        return { json: { databaseApiKey: { ...keyView(state, key), key: value } } };
      }),
    },
    {
      method: 'DELETE',
      path: `${path}/:key`,
      name: 'delete-key',
      writes: true,
      handle: keyed(state, 'delete:api_keys', ({ params, query }) => {
        const key = state.keys.find(
          ({ id, cluster }) => id === params['key'] && cluster === query.get('clusterId'),
        );
        if (key === undefined) return cloudError('not-found', 'database api key not found');
        state.keys.splice(state.keys.indexOf(key), 1);
        const { server } = state.clusters.find(({ id }) => id === key.cluster) ?? {};
        server?.controls['keys']?.({ [key.value]: 'revoked' });
        return { json: {} };
      }),
    },
  ];
}

function keyView(state: CloudState, key: SandboxDatabaseKey): object {
  const { id, cluster, name, value, createdAt, expiresAt, rules } = key;
  return {
    id,
    accountId: state.account.id,
    createdAt: isoTime(createdAt),
    clusterId: cluster,
    name,
    ...(expiresAt !== null && { expiresAt: isoTime(expiresAt) }),
    accessRules: rules,
    postfix: value.slice(-5),
  };
}

/** Without a rule, a key manages the cluster. */
function tokenOf(key: {
  id: string;
  secret: string;
  expires: number | null;
  rules: readonly AccessRule[];
}): string {
  const { id, secret, expires, rules } = key;
  const [first] = rules;
  const global = first === undefined ? 'm' : 'globalAccess' in first ? globalAccess(first) : null;
  const access = global ?? rules.flatMap(collectionAccess);
  const claims = { access, subject: `api-key:${id}`, ...(expires !== null && { exp: expires / 1000 }) };
  const signed = [{ alg: 'HS256', typ: 'JWT' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

function globalAccess({ globalAccess: { accessType } }: Extract<AccessRule, { globalAccess: unknown }>) {
  return accessType.endsWith('READ_ONLY') ? 'r' : 'm';
}

function collectionAccess(rule: AccessRule): object[] {
  if (!('collectionAccess' in rule)) return [];
  const { collectionName: collection, accessType } = rule.collectionAccess;
  return [{ collection, access: accessType.endsWith('READ_ONLY') ? 'r' : 'rw' }];
}
