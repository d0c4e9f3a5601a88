/** Who asks, and what that key may do: plain keys and tokens, as Qdrant 1.19.0 reads them (src/common/auth, rbac). */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import * as z from 'zod';
import type { RouteReply } from '../exchange/serve-routes.ts';
import { forbidden } from './errors.ts';

/** All keys with their state; tokens are signed with a valid one. */
export type ApiKeys = Map<string, 'valid' | 'read-only' | 'revoked'>;

type CollectionAccess = 'r' | 'rw' | 'prw';
/** The whole cluster, or some collections by name. */
export type KeyRights = { global: 'r' | 'm' } | { collections: Map<string, CollectionAccess> };

/** `points` changes points, `index` changes payload indexes too. */
type Requirement = 'read' | 'points' | 'index';

/** Throws 403 unless the key may do that to the collection of this name; it need not exist. */
export function requireAccess(access: KeyRights, name: string, requirement: Requirement): void {
  if ('global' in access) {
    if (requirement !== 'read') requireManage(access);
    return;
  }
  const granted = access.collections.get(name);
  if (granted === undefined) throw forbidden(`Access to collection ${name} is required`);
  if (requirement === 'index' && granted === 'prw')
    throw forbidden(`Only points access is allowed for collection ${name}`);
  if (requirement !== 'read' && granted === 'r')
    throw forbidden(`Write access to collection ${name} is required`);
}

/** Throws 403 unless the key may create and delete collections and aliases. */
export function requireManage(access: KeyRights): void {
  if (!('global' in access)) throw forbidden('Global access is required');
  if (access.global !== 'm') throw forbidden('Global manage access is required');
}

/** Whether the key may know of that collection. */
export const maySee = (access: KeyRights, name: string): boolean =>
  'global' in access || access.collections.has(name);

/** The access of a request's key, or the plain-text refusal: the only errors without a JSON body. */
export function accessOf(
  headers: IncomingHttpHeaders,
  { keys, now }: { keys: ApiKeys; now(): number },
): KeyRights | { refusal: RouteReply } {
  const header = headers['api-key'];
  const bearer = /^Bearer (.*)$/.exec(headers.authorization ?? '')?.[1];
  const key = (Array.isArray(header) ? header[0] : header) ?? bearer;
  if (key === undefined) return refusal(401, 'Must provide an API key or an Authorization bearer token');
  const status = keys.get(key);
  if (status === 'valid') return { global: 'm' };
  if (status === 'read-only') return { global: 'r' };
  const rights = status === 'revoked' ? undefined : readToken(key, { keys, now });
  return rights ?? refusal(401, 'Invalid API key or JWT');
}

const refusal = (status: 401 | 403, text: string): { refusal: RouteReply } => ({
  refusal: { status, text, type: null },
});

const claimsSchema = z.looseObject({
  exp: z.number().nullish(),
  access: z
    .union([
      z.enum(['r', 'm']),
      z.array(z.looseObject({ collection: z.string(), access: z.enum(['r', 'rw', 'prw']) })),
    ])
    .default('m'),
});
/** Seconds by which the clocks may differ. */
const leeway = 30;

/** A JWT is signed with a key that manages the cluster; undefined for anything else. */
function readToken(
  key: string,
  { keys, now }: { keys: ApiKeys; now(): number },
): KeyRights | { refusal: RouteReply } | undefined {
  const [head = '', payload = '', signature, ...rest] = key.split('.');
  if (signature === undefined || rest.length > 0 || decodeJson(head)?.['alg'] !== 'HS256') return undefined;
  const secrets = [...keys].flatMap(([secret, status]) => (status === 'valid' ? [secret] : []));
  if (!secrets.some((secret) => isSignedWith(secret, { signed: `${head}.${payload}`, signature })))
    return refusal(403, 'InvalidSignature');
  const claims = claimsSchema.safeParse(decodeJson(payload)).data;
  if (claims === undefined) return undefined;
  if (claims.exp != null && claims.exp + leeway < now() / 1000) return refusal(403, 'ExpiredSignature');
  if (typeof claims.access === 'string') return { global: claims.access };
  return { collections: new Map(claims.access.map(({ collection, access }) => [collection, access])) };
}

function isSignedWith(secret: string, { signed, signature }: { signed: string; signature: string }): boolean {
  const expected = createHmac('sha256', secret).update(signed).digest();
  const actual = Buffer.from(signature, 'base64url');
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}

function decodeJson(part: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
