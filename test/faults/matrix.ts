/** The fault matrix: every vendor call of a first deployment, with every kind of failure. */
import type { Fault } from '../../sandbox/exchange/faults.ts';

/** A test keeps this equal to the calls of a real deployment. */
export const calls = [
  'frontend.page',
  'gemini.batchEmbedContents',
  'gemini.embedContent',
  'gemini.generateContent',
  'gemini.models',
  'hub.commit',
  'hub.create',
  'hub.info',
  'hub.logs',
  'hub.organization',
  'hub.preupload',
  'hub.runtime',
  'hub.secrets',
  'hub.tree',
  'hub.variables',
  'hub.whoami',
  'qdrant.collection',
  'qdrant.collections',
  'qdrant.count',
  'qdrant.create-collection',
  'qdrant.create-index',
  'qdrant.delete',
  'qdrant.query',
  'qdrant.retrieve',
  'qdrant.update-aliases',
  'qdrant.upsert',
  'qdrant.version',
  'space.visit',
  'vercel.create-deployment',
  'vercel.create-env',
  'vercel.deployment',
  'vercel.deployments',
  'vercel.domains',
  'vercel.env',
  'vercel.project',
  'vercel.projects',
  'vercel.teams',
  'vercel.token',
  'vercel.user',
] as const;

/** What a deployment calls beside these where cluster and database are created. A test keeps this equal too. */
export const createCalls = [
  'neon.connection-uri',
  'neon.create-project',
  'neon.organizations',
  'neon.projects',
  'qdrant-cloud.accounts',
  'qdrant-cloud.cluster',
  'qdrant-cloud.clusters',
  'qdrant-cloud.create-cluster',
  'qdrant-cloud.create-key',
  'qdrant-cloud.delete-key',
  'qdrant-cloud.packages',
  'qdrant-cloud.providers',
  'qdrant-cloud.quotas',
  'qdrant-cloud.regions',
] as const;
export type CallName = (typeof calls)[number] | (typeof createCalls)[number];

export const kinds = {
  '401': { type: 'status', status: 401 },
  '403': { type: 'status', status: 403 },
  '404': { type: 'status', status: 404 },
  '409': { type: 'status', status: 409 },
  '429': { type: 'status', status: 429 },
  '429 with Retry-After': { type: 'status', status: 429, headers: { 'retry-after': '2' } },
  '500': { type: 'status', status: 500 },
  'no answer': { type: 'wait', ms: 10 * 60_000 },
  'a cut connection': { type: 'cut' },
  'half a body': { type: 'half' },
  'HTML instead of JSON': { type: 'rubbish' },
} as const satisfies Record<string, Fault['kind']>;
export type KindName = keyof typeof kinds;
const kindNames = Object.keys(kinds) as KindName[];

export type Cell = { call: CallName; kind: KindName };

const cellsOf = (list: readonly CallName[]): readonly Cell[] =>
  list.flatMap((call) => kindNames.map((kind) => ({ call, kind })));

export const allCells: readonly Cell[] = cellsOf([...calls, ...createCalls]);

/** The title of a cell's test, by which the reporter identifies it. */
export function titleOf({ call, kind }: Cell): string {
  return `${call} answers ${kind}`;
}

/** The cells of every test run: each vendor with each kind, and each call at least once. */
export function sampleOf(list: readonly CallName[]): readonly Cell[] {
  return [...new Set(list.map(vendorOf))].flatMap((vendor) => {
    const own = list.filter((call) => vendorOf(call) === vendor);
    return Array.from({ length: Math.max(own.length, kindNames.length) }, (_, n) => ({
      call: own[n % own.length] as CallName,
      kind: kindNames[n % kindNames.length] as KindName,
    }));
  });
}

export function vendorOf(call: CallName): string {
  return call.split('.')[0] ?? call;
}
