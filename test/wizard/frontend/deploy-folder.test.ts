import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Faults } from '../../../sandbox/exchange/faults.ts';
import { ExchangeRecord } from '../../../sandbox/exchange/exchange-record.ts';
import { startVercel, type VercelStandIn } from '../../../sandbox/vercel/vercel.ts';
import { deployFolder } from '../../../wizard/frontend/deploy-folder.ts';
import { Secret } from '../../../wizard/model/secret.ts';

const faults = new Faults();
const dir = mkdtempSync(join(tmpdir(), 'deploy-folder-'));
let vercel: VercelStandIn;
beforeAll(async () => {
  writeFileSync(join(dir, 'index.html'), '<h1>A book</h1>');
  vercel = await startVercel({ faults, record: new ExchangeRecord() });
});
afterEach(() => faults.clear());
afterAll(async () => {
  await vercel?.close();
  rmSync(dir, { recursive: true, force: true });
});

const deploy = (more: { signal?: AbortSignal; longestMs?: number } = {}): Promise<string> =>
  deployFolder({
    dir,
    project: 'sample-book',
    token: new Secret(vercel.token),
    teamId: null,
    apiUrl: vercel.url,
    signal: new AbortController().signal,
    ...more,
  });

describe('a folder that is deployed', () => {
  it('is taken, and left to be followed', async () => {
    expect(await deploy()).toMatch(/^dpl_/);
  });

  it('and refused says why, and how to do it by hand', async () => {
    const body = JSON.stringify({ error: { code: 'bad_request', message: 'Too many files' } });
    faults.add({ call: 'vercel.create-deployment', kind: { type: 'status', status: 400, body } });
    await expect(deploy()).rejects.toMatchObject({
      code: 'frontend-not-uploaded',
      service: 'vercel',
      message: expect.stringContaining('Too many files'),
      remedy: expect.stringContaining('npx vercel --prod'),
    });
  });

  it('is not waited for longer than its time', async () => {
    faults.add({ call: 'vercel.create-deployment', kind: { type: 'wait', ms: 10_000 } });
    await expect(deploy({ longestMs: 300 })).rejects.toMatchObject({ code: 'frontend-not-uploaded' });
  });

  it('is left at once when the run is cancelled', async () => {
    faults.add({ call: 'vercel.create-deployment', kind: { type: 'wait', ms: 10_000 } });
    const ended = new AbortController();
    const reason = new Error('cancelled');
    setTimeout(() => ended.abort(reason), 200);
    const startedAt = Date.now();
    await expect(deploy({ signal: ended.signal })).rejects.toBe(reason);
    expect(Date.now() - startedAt).toBeLessThan(5_000);
  });
});
