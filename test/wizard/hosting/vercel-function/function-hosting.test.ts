import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ExchangeRecord } from '../../../../sandbox/exchange/exchange-record.ts';
import { Faults } from '../../../../sandbox/exchange/faults.ts';
import { startVercel, type VercelStandIn } from '../../../../sandbox/vercel/vercel.ts';
import { createHttp } from '../../../../wizard/clients/http.ts';
import { processorMs } from '../../../../wizard/hosting/vercel-function/allotment.ts';
import { createFunctionHosting } from '../../../../wizard/hosting/vercel-function/function-hosting.ts';
import type { Hosting } from '../../../../wizard/hosting/hosting.ts';
import { Secret } from '../../../../wizard/model/secret.ts';
import { readFile } from 'node:fs/promises';

let vercel: VercelStandIn;
let record: ExchangeRecord;
beforeEach(async () => {
  record = new ExchangeRecord();
  vercel = await startVercel({ faults: new Faults(), record });
});
afterEach(() => vercel.close());

function hostingAt(space: string): Hosting {
  const signal = new AbortController().signal;
  return createFunctionHosting({
    credentials: { vercel: { token: new Secret(vercel.token), apiUrl: vercel.url } },
    target: { space },
    http: createHttp({ fetch, sleep: async () => undefined }),
    fetch,
    signal,
  });
}
const personal = (): Hosting => hostingAt('vercel/~ana/book-chat');
const inTeam = (): Hosting => hostingAt('vercel/textbook-lab/book-chat');
const tools = { sleep: async () => undefined };
const nothing = { secrets: [], variables: [] };

describe('the allotment', () => {
  it('of a free plan is written; on a paid one only what its owner set applies', async () => {
    const free = { HOSTING_CPU_MINUTES: '240', HOSTING_REQUESTS: '1000000' };
    expect(await personal().ownVariables({})).toEqual(free);
    expect(await inTeam().ownVariables({})).toEqual({});
    const owners = { HOSTING_REQUESTS: { value: '5', description: '' } };
    expect(await inTeam().ownVariables(owners)).toEqual({});
    // A plan that was taken later lifts what this tool wrote.
    const ours = { HOSTING_CPU_MINUTES: { value: '240', description: 'rag-space-setup' } };
    expect(await inTeam().ownVariables(ours)).toEqual({ HOSTING_CPU_MINUTES: '0' });
    await vercel.controls['plan']?.({ account: 'textbook-lab', plan: 'hobby' });
    expect(await inTeam().ownVariables({})).toEqual(free);
  });

  it('is described in words, with the figures of the docs, and a warning beside the book', async () => {
    const beside = (await personal().remarksOnNew({ book: { project: 'book', team: null } })).join(' ');
    expect(beside).toContain('non-commercial use only');
    expect(beside).toContain('about 22,000 wake-ups or 240,000 answers');
    expect(beside).toContain('The book is in this account too');
    expect(
      (await personal().remarksOnNew({ book: { project: 'book', team: 'lab' } })).join(' '),
    ).not.toContain('The book is in this account');
    expect((await inTeam().remarksOnNew({ book: { project: null, team: null } })).join(' ')).toContain(
      'paid plan (pro)',
    );
    const docs = await readFile(new URL('../../../../docs/hosting.md', import.meta.url), 'utf8');
    expect(docs).toContain(`| cold start with its first answer | ${processorMs.coldStart} ms |`);
    expect(docs).toContain(`| answer when warm | ${processorMs.answer} ms |`);
  });
});

describe('a team that allows only sensitive variables', () => {
  it('keeps what is no secret readable, so that a second run finds it', async () => {
    await vercel.controls['sensitivePolicy']?.({ team: 'textbook-lab', policy: 'on' });
    const hosting = inTeam();
    await hosting.create(nothing, tools);
    await hosting.setSecret({ key: 'GEMINI_API_KEY', value: 'AQ.secret' });
    const origins = { key: 'ALLOWED_ORIGINS', value: 'https://book.example' };
    expect((await hosting.setVariable(origins))['ALLOWED_ORIGINS']).toEqual({
      value: 'https://book.example',
      description: 'rag-space-setup',
    });
    const { secrets, variables } = await hosting.settings();
    expect([Object.keys(secrets), Object.keys(variables)]).toEqual([['GEMINI_API_KEY'], ['ALLOWED_ORIGINS']]);
    expect(JSON.stringify(record.list().map(({ responseBody }) => responseBody))).not.toContain('AQ.secret');
    // And it is known as ours.
    const request = { isJournaled: false, mayAdopt: false, keepsSecrets: false };
    expect(await hosting.inspect(request)).toMatchObject({ type: 'ours' });
  });
});

describe('what hides it', () => {
  it('is a login that every visitor needs', async () => {
    await vercel.controls['protectsNewProjects']?.(true);
    await personal().create(nothing, tools);
    expect(await personal().status()).toMatchObject({
      isPublic: false,
      hidden: { code: 'function-protected' },
    });
    await personal().openToReaders?.();
    expect(await personal().status()).toMatchObject({ isPublic: true, hidden: null });
  });

  it('is an account that Vercel has paused, until when it says so', async () => {
    await personal().create(nothing, tools);
    const until = Date.UTC(2026, 11, 5);
    await vercel.controls['paused']?.({
      reason: 'FAIR_USE_LIMITS_EXCEEDED',
      overage: 'fluidCpuDuration',
      until,
    });
    const status = await personal().status();
    expect(status).toMatchObject({ stage: 'PAUSED', hidden: { code: 'function-paused' } });
    expect(status?.hidden?.message).toContain('fluidCpuDuration) until 2026-12-05');
    await vercel.controls['paused']?.({ reason: 'FAIR_USE_LIMITS_EXCEEDED' });
    expect((await personal().status())?.hidden?.remedy).toContain('usage page');
  });
});

it('a project of that name that is not ours is neither taken nor removed', async () => {
  const other = hostingAt('vercel/~ana/sample-book');
  const request = { isJournaled: true, mayAdopt: true, keepsSecrets: false };
  await expect(other.inspect(request)).rejects.toMatchObject({ code: 'space-taken' });
  await expect(other.remove()).rejects.toMatchObject({ code: 'space-taken' });
});
