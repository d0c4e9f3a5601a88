import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Faults } from '../../../../sandbox/exchange/faults.ts';
import { ExchangeRecord } from '../../../../sandbox/exchange/exchange-record.ts';
import { startVercel, type VercelStandIn } from '../../../../sandbox/vercel/vercel.ts';
import { createHttp } from '../../../../wizard/clients/http.ts';
import { Secret } from '../../../../wizard/model/secret.ts';
import { probeVercel } from '../../../../wizard/probes/vercel/probe-vercel.ts';

let vercel: VercelStandIn;
const faults = new Faults();
const record = new ExchangeRecord();
beforeAll(async () => {
  vercel = await startVercel({ faults, record });
});
afterEach(() => faults.clear());
afterAll(() => vercel.close());

const http = createHttp({ fetch, sleep: async () => undefined });
const { signal } = new AbortController();
const probe = (token = vercel.token) =>
  probeVercel({ token: new Secret(token), apiUrl: vercel.url, http, signal });
const answer = (call: string, body: unknown, status = 200) =>
  faults.add({ call, kind: { type: 'status', status, body: JSON.stringify(body) }, times: 1 });

describe('the check of a Vercel token', () => {
  it('finds every project, personal and of teams, and writes nothing', async () => {
    const result = await probe();
    expect(result).toMatchObject({
      verdict: 'accepted',
      credential: {
        scope: {
          user: 'ana',
          projects: expect.arrayContaining([
            expect.objectContaining({ name: 'sample-book', teamId: null }),
            expect.objectContaining({ name: 'plain-book', teamSlug: 'textbook-lab' }),
          ]),
        },
      },
    });
    expect(record.writes().total).toBe(0);
  });

  it('rejects an invalid token, which Vercel says with 403', async () => {
    expect(await probe('nobodys-token-0123456789')).toMatchObject({
      verdict: 'rejected',
      code: 'key-rejected',
    });
  });

  it('turns pages, and names the teams that are closed to the token', async () => {
    const team = (n: number, more = {}) => ({ id: `team_${n}`, slug: `t${n}`, name: `T${n}`, ...more });
    answer('vercel.teams', { teams: [team(1)], pagination: { next: 17 } });
    answer('vercel.teams', {
      teams: [team(2, { limited: true, limitedBy: ['saml'] })],
      pagination: { next: null },
    });
    expect(await probe()).toMatchObject({
      credential: { scope: { teams: [{ id: null }, { id: 'team_1' }] } },
      warnings: ['Team t2 is closed to this token (saml).'],
    });
    expect(record.list().some(({ path }) => path.includes('until=17'))).toBe(true);
  });

  it('finds the book of an account without a usable personal scope in its default team', async () => {
    const vercel = await startVercel({ faults, record });
    try {
      vercel.controls['defaultTeam']?.('textbook-lab');
      vercel.controls['move']?.({ project: 'sample-book', to: 'textbook-lab' });
      const result = await probeVercel({ token: new Secret(vercel.token), apiUrl: vercel.url, http, signal });
      if (result.verdict !== 'accepted') throw new Error(result.message);
      expect(result.warnings).toBeUndefined();
      expect(
        result.credential.scope.projects.map(({ name, teamSlug }) => `${teamSlug}/${name}`).sort(),
      ).toEqual(['textbook-lab/plain-book', 'textbook-lab/sample-book']);
    } finally {
      await vercel.close();
    }
  });

  it('names the team that is closed to it, and finds what is left', async () => {
    const vercel = await startVercel({ faults, record });
    try {
      vercel.controls['limited']?.({ team: 'textbook-lab', by: ['mfa'] });
      const result = await probeVercel({ token: new Secret(vercel.token), apiUrl: vercel.url, http, signal });
      if (result.verdict !== 'accepted') throw new Error(result.message);
      expect(result.warnings).toEqual(['Team textbook-lab is closed to this token (mfa).']);
      expect(result.credential.scope.projects.map(({ name }) => name)).toEqual(['sample-book']);
    } finally {
      await vercel.close();
    }
  });

  it('says that a team asks for its single sign-on', async () => {
    // The body that Vercel's own client branches on, for a token made before the team turned it on.
    const message = 'You must re-authenticate to use textbook-lab scope.';
    const body = { error: { code: 'forbidden', message, saml: true, teamId: 'team_1' } };
    for (const call of ['user', 'teams', 'projects']) answer(`vercel.${call}`, body, 403);
    expect(await probe()).toMatchObject({
      verdict: 'rejected',
      code: 'needs-sign-on',
      message: expect.stringContaining('textbook-lab'),
    });
    faults.clear();
    answer('vercel.projects', body, 403);
    expect(await probe()).toMatchObject({ warnings: [expect.stringContaining('textbook-lab')] });
  });

  it('takes a token of one project, which knows no user', async () => {
    answer('vercel.user', { error: { code: 'not_found', message: 'User not found' } }, 404);
    expect(await probe()).toMatchObject({
      verdict: 'accepted',
      message: expect.stringContaining('one project'),
    });
  });

  it.each([
    [['user', 'textbook-lab'], null, 'a token of the whole account', 'the account itself and textbook-lab'],
    [['textbook-lab'], null, 'a team’s token', null],
    [['user'], ['sample-book'], 'a token of the whole account', 'the account itself'],
  ])(
    'reports the kind of a token of %j with %j, and its permissions beyond the project',
    async (scopes, projects, has, excess) => {
      const value = `vcp_${scopes.join('')}${String(projects).length}_0123456789`;
      vercel.controls['token']?.({ value, scopes, projects });
      const result = await probe(value);
      expect(result).toMatchObject({
        verdict: 'accepted',
        rights: { page: expect.stringMatching(/^https/) },
      });
      if (result.verdict !== 'accepted') return;
      expect(result.rights.has[0]).toBe(has);
      if (excess === null) expect(result.rights.excess.join()).not.toContain('account');
      else expect(result.rights.excess[0]).toBe(excess);
    },
  );

  it('names the team that Vercel takes by default', async () => {
    const user = { username: 'ana', defaultTeamId: 'team_2' };
    answer('vercel.user', { user });
    answer('vercel.teams', { teams: [1, 2].map((n) => ({ id: `team_${n}`, slug: `t${n}` })) });
    expect(await probe()).toMatchObject({
      credential: { scope: { teams: [{ id: null }, { id: 'team_2' }, { id: 'team_1' }] } },
      rights: { has: [expect.any(String), 'default team t2'] },
    });
  });

  it('is not refused for what Vercel does not tell of it', async () => {
    answer('vercel.token', { error: { code: 'forbidden', message: 'no' } }, 403);
    expect(await probe()).toMatchObject({
      verdict: 'accepted',
      rights: { has: [expect.stringContaining('does not tell')] },
    });
  });

  it('is unreachable when Vercel does not answer', async () => {
    faults.add({ call: 'vercel.user', kind: { type: 'cut' } });
    expect(await probe()).toMatchObject({ verdict: 'unreachable' });
  });
});
