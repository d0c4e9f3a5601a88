import { expect, it } from 'vitest';
import {
  diagnoseClusters,
  diagnoseServerKey,
  diagnoseWritingKey,
} from '../../../wizard/diagnosis/diagnose-clusters.ts';
import type { ClusterReport } from '../../../wizard/provisioning/qdrant/cluster-reports.ts';

const now = Date.UTC(2026, 0, 1);
const inDays = (days: number): Date => new Date(now + days * 86_400_000);

function report(changes: Partial<ClusterReport>): ClusterReport {
  return {
    keyTools: {} as ClusterReport['keyTools'],
    cluster: { id: 'c', name: 'book-chat' },
    isSuspended: false,
    isNamed: true,
    expiring: [],
    left: [],
    others: [],
    ...changes,
  };
}
const codesOf = (changes: Partial<ClusterReport>): string[] =>
  diagnoseClusters([report(changes)], { now }).map(({ code }) => code);

it('cluster-suspended is a cluster that sleeps', () => {
  expect(codesOf({})).toEqual([]);
  expect(codesOf({ isSuspended: true })).toEqual(['cluster-suspended']);
});

it('qdrant-key-expires is a key that ends within two weeks, by the account or by its own claims', () => {
  expect(codesOf({ expiring: [{ name: 'server', expiresAt: inDays(20) }] })).toEqual([]);
  expect(codesOf({ expiring: [{ name: 'server', expiresAt: inDays(13) }] })).toEqual(['qdrant-key-expires']);
  const token = (claims: object): string =>
    `eyJhbGciOiJIUzI1NiJ9.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.s`;
  const expiring = diagnoseServerKey(token({ exp: inDays(2).getTime() / 1000 }), { now });
  expect(expiring).toMatchObject([
    { code: 'qdrant-key-expires', message: expect.stringContaining('2026-01-03') },
  ]);
  for (const key of [
    token({ access: 'm' }),
    token({ exp: inDays(90).getTime() / 1000 }),
    'no token',
    'a.b.c',
  ])
    expect(diagnoseServerKey(key, { now })).toEqual([]);
});

it('indexing-key-left is a key of a run that was killed here, and of one that this machine does not know', () => {
  const own = { account: 'a', cluster: 'c', name: 'rag-space-setup indexing 1', id: 'k', space: null };
  expect(codesOf({ left: [{ ...own, role: 'indexing', fingerprint: null }] })).toEqual(['indexing-key-left']);
  expect(codesOf({ others: [{ id: 'k', name: 'rag-space-setup indexing 2' }] })).toEqual([
    'indexing-key-left',
  ]);
});

it('server-key-writes is the server’s key where a narrower one can be made', () => {
  const key = { access: 'manage', canBeMade: true, isServers: true };
  expect(diagnoseWritingKey(key)).toMatchObject([{ code: 'server-key-writes' }]);
  for (const other of [{ access: 'read' }, { canBeMade: false }, { isServers: false }])
    expect(diagnoseWritingKey({ ...key, ...other })).toEqual([]);
});
