import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createVercelClient, type VercelClient } from '../../../wizard/clients/vercel-client.ts';
import { targetsOf } from '../../../wizard/clients/vercel-schemas.ts';
import { defaultWiring } from '../../../wizard/deployment/run-settings.ts';
import { setFrontendVariable } from '../../../wizard/steps/set-frontend-variable.ts';
import {
  memoryJournal,
  startSandboxServices,
  take,
  type ContextChanges,
  type SandboxServices,
} from './sandbox-services.ts';

let world: SandboxServices;
const key = 'REACT_APP_API_BASE_URL';
const settings = { apiUrl: 'https://api.example.com' };

beforeEach(async () => {
  world = await startSandboxServices();
});
afterEach(() => world.close());

function vercelFor(changes: ContextChanges = {}): { vercel: VercelClient; project: string } {
  const { credentials, target, http, signal } = world.context(changes);
  const { apiUrl, token } = credentials.vercel;
  const vercel = createVercelClient({
    apiUrl,
    token,
    team: target.teamId === null ? null : { teamId: target.teamId },
    http,
    signal,
  });
  return { vercel, project: target.projectId ?? '' };
}

/** As the user sets a variable on Vercel's page: for several environments at once. */
async function setByHand(targets: string[], value: string, type = 'plain'): Promise<void> {
  const { credentials, target } = world.context();
  const { apiUrl, token } = credentials.vercel;
  await fetch(`${apiUrl}/v10/projects/${target.projectId}/env`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token.reveal()}`, 'content-type': 'application/json' },
    body: JSON.stringify({ key, value, type, target: targets }),
  });
}

const refuse = (status: number, error: object, times = Infinity): void =>
  world.faults.add({
    call: 'vercel.create-env',
    kind: { type: 'status', status, body: JSON.stringify({ error }) },
    ...(times === Infinity ? {} : { times }),
  });

describe('the frontend’s variable', () => {
  it('is written for production only, with our comment, and once', async () => {
    const { result } = await take(world.context({ settings }), setFrontendVariable);
    expect(result).toMatchObject({ outcome: 'changed', reason: `${key} = https://api.example.com` });
    const { vercel, project } = vercelFor();
    const [variable, ...more] = await vercel.variables(project);
    expect(more).toEqual([]);
    expect(variable).toMatchObject({
      key,
      target: ['production'],
      comment: expect.stringMatching(/^rag-space-setup /),
    });
    expect((await take(world.context({ settings }), setFrontendVariable)).plan.change.kind).toBe('unchanged');
  });

  it('keeps production’s old value when the new one is refused', async () => {
    await setByHand(['production', 'preview'], 'https://old.example.com');
    world.faults.add({ call: 'vercel.create-env', kind: { type: 'status', status: 400 }, times: 1 });
    const { error } = await take(world.context({ settings }), setFrontendVariable);
    expect(error).not.toBeNull();
    const { vercel, project } = vercelFor();
    const [current, ...more] = await vercel.variables(project);
    expect(more).toEqual([]);
    expect(targetsOf(current!).toSorted()).toEqual(['preview', 'production']);
  });

  it('keeps the value of other environments', async () => {
    await setByHand(['production', 'preview'], 'https://old.example.com');
    const journal = memoryJournal();
    const { error } = await take(world.context({ settings, journal }), setFrontendVariable);
    expect(error).toBeNull();
    const { vercel, project } = vercelFor();
    const values = (await vercel.variables(project)).map((variable) => [
      targetsOf(variable).join(),
      variable.value,
    ]);
    expect(values.sort()).toEqual([
      ['preview', 'https://old.example.com'],
      ['production', 'https://api.example.com'],
    ]);
    expect(journal.entries[0]?.previous).toBe('https://old.example.com');
  });

  it('never writes a value that looks like a secret to the journal or the plan', async () => {
    await setByHand(['production'], 'https://ana:pass-of-ana@old.example.com');
    const journal = memoryJournal();
    const { plan } = await take(world.context({ settings, journal }), setFrontendVariable);
    expect(journal.entries[0]?.previous).toBeNull();
    expect(JSON.stringify([plan.change, journal.entries])).not.toContain('pass-of-ana');
  });

  it('is compared by its fingerprint when the team makes every value sensitive', async () => {
    world.vercel.controls['sensitivePolicy']?.({ team: 'textbook-lab', policy: 'on' });
    const changes = { settings, project: 'plain-book' } as const;
    const { error } = await take(world.context(changes), setFrontendVariable);
    expect(error).toBeNull();
    expect((await take(world.context(changes), setFrontendVariable)).plan.change.kind).toBe('unchanged');
  });

  it('fails when a 201 reports a failure', async () => {
    const body = JSON.stringify({
      created: [],
      failed: [{ error: { code: 'ENV_ALREADY_EXISTS', message: 'Another' } }],
    });
    world.faults.add({ call: 'vercel.create-env', kind: { type: 'status', status: 201, body } });
    const { error } = await take(world.context({ settings }), setFrontendVariable);
    expect(error).toMatchObject({
      code: 'frontend-variable-refused',
      message: expect.stringContaining('ENV_ALREADY_EXISTS'),
    });
  });
});

describe('what the variable is set to', () => {
  const wiring = defaultWiring;

  it.each([
    [
      'the origin and a path, as the code expects it',
      { ...wiring, path: '/api' },
      'https://api.example.com/api',
    ],
    [
      'the value that the user gave',
      { ...wiring, path: '/api', value: 'https://x.example/v2' },
      'https://x.example/v2',
    ],
  ])('is %s', async (_, detected, value) => {
    const { result } = await take(
      world.context({ settings: { ...settings, wiring: detected } }),
      setFrontendVariable,
    );
    expect(result?.reason).toBe(`REACT_APP_API_BASE_URL = ${value}`);
  });

  it('is nothing where the page calls its own origin', async () => {
    const detected = { ...wiring, path: '', isSameOrigin: true };
    const { plan } = await take(
      world.context({ settings: { ...settings, wiring: detected } }),
      setFrontendVariable,
    );
    expect(plan.skip).toContain('its own origin');
  });
});

describe('the environments that get the variable', () => {
  const targets = ['production', 'preview', 'development'] as const;
  const changes = { settings: { ...settings, frontendTargets: targets } };

  it('get it in one write each, and none on the next run', async () => {
    const { result } = await take(world.context(changes), setFrontendVariable);
    expect(result?.reason).toContain('for production, preview and development');
    expect(world.record.writes().byName['vercel.create-env']).toBe(3);
    const { project, variables } = await readVariables();
    expect(variables.map(({ target, value }) => [target, value]).sort()).toEqual(
      targets.map((target) => [[target], settings.apiUrl]).sort(),
    );
    expect(project).toBe('sample-book');
    expect((await take(world.context(changes), setFrontendVariable)).plan.change.kind).toBe('unchanged');
  });

  it('are detached from one that the user set for all of them', async () => {
    await setByHand([...targets], 'https://old.example', 'encrypted');
    world.record.clear();
    const { error } = await take(world.context(changes), setFrontendVariable);
    expect(error).toBeNull();
    const { variables } = await readVariables();
    expect(variables.map(({ target }) => target.join()).sort()).toEqual([...targets].sort());
    expect(new Set(variables.map(({ value }) => value))).toEqual(new Set([settings.apiUrl]));
  });

  it('keep a sensitive value for production and preview, and never for development', async () => {
    world.vercel.controls['sensitivePolicy']?.({ team: 'textbook-lab', policy: 'on' });
    const sensitive = { ...changes, project: 'plain-book' } as const;
    expect((await take(world.context(sensitive), setFrontendVariable)).error).toBeNull();
    const { variables } = await readVariables('plain-book');
    expect(Object.fromEntries(variables.map(({ target, type }) => [target.join(), type]))).toEqual({
      production: 'sensitive',
      preview: 'sensitive',
      development: 'plain',
    });
    expect((await take(world.context(sensitive), setFrontendVariable)).plan.change.kind).toBe('unchanged');
  });

  type ListedVariable = { key: string; value: string; type: string; target: string[] };
  async function readVariables(project: 'sample-book' | 'plain-book' = 'sample-book') {
    const { credentials, target } = world.context({ project });
    const team = target.teamId === null ? '' : `&teamId=${target.teamId}`;
    const url = `${credentials.vercel.apiUrl}/v10/projects/${target.projectId}/env?decrypt=true${team}`;
    const headers = { authorization: `Bearer ${credentials.vercel.token.reveal()}` };
    const { envs } = (await (await fetch(url, { headers })).json()) as { envs: ListedVariable[] };
    return { project, variables: envs };
  }
});

describe('Vercel refuses', () => {
  it.each([
    ['ENV_CONFLICT', 400, { code: 'ENV_CONFLICT', message: 'conflicts with another' }, 'failed'],
    ['a bad token', 403, { code: 'forbidden', message: 'Not authorized', invalidToken: true }, 'rejected'],
  ] as const)('a variable: %s', async (_, status, error, kind) => {
    world.faults.add({
      call: 'vercel.create-env',
      kind: { type: 'status', status, body: JSON.stringify({ error }) },
    });
    const { error: thrown } = await take(world.context({ settings }), setFrontendVariable);
    expect(thrown).toMatchObject({ kind, service: 'vercel' });
  });

  it('to list the variables before the user signs in again', async () => {
    world.vercel.controls['envChallenge']?.('challenge_required_email_otp');
    const inspecting = take(world.context({ settings }), setFrontendVariable);
    await expect(inspecting).rejects.toMatchObject({
      code: 'vercel-challenge',
      remedy: expect.stringContaining('Sign in'),
    });
  });

  it('to persist the value', async () => {
    const body = JSON.stringify({ created: {}, failed: [] });
    world.faults.add({ call: 'vercel.create-env', kind: { type: 'status', status: 201, body } });
    const { error } = await take(world.context({ settings }), setFrontendVariable);
    expect(error).toMatchObject({ code: 'frontend-variable-not-kept' });
  });
});

describe('a refusal is explained, with what to do about it', () => {
  it.each([
    [403, { code: 'forbidden', saml: true, scope: 'lab' }, 'vercel-sso', /team lab .*SSO/, /Sign in/],
    [403, { code: 'forbidden', message: 'No access' }, 'vercel-read-only', /may not write/, /role/],
    [409, { code: 'conflict', message: 'In transfer' }, 'vercel-in-transfer', /being moved/, /when the move/],
    [400, { code: 'ENV_CONFLICT' }, 'frontend-variable-refused', /is there already/, /remove the REACT_APP/],
    [403, { code: 'ENV_ALREADY_EXISTS' }, 'frontend-variable-refused', /is there already/, /remove the/],
    [402, { code: 'payment_required', message: 'Upgrade' }, 'payment-required', /paid plan.*Upgrade/, /plan/],
  ])('%i %j: %s', async (status, body, code, message, remedy) => {
    refuse(status, body);
    const { error } = await take(world.context({ settings }), setFrontendVariable);
    expect(error).toMatchObject({ code, service: 'vercel' });
    expect(error).toMatchObject({
      message: expect.stringMatching(message),
      remedy: expect.stringMatching(remedy),
    });
  });
});

describe('a variable that Vercel does not accept at first', () => {
  const accepted = async (): Promise<{ type: string; value: string }[]> => {
    const { credentials, target } = world.context();
    const url = `${credentials.vercel.apiUrl}/v10/projects/${target.projectId}/env?decrypt=true`;
    const headers = { authorization: `Bearer ${credentials.vercel.token.reveal()}` };
    return ((await (await fetch(url, { headers })).json()) as { envs: { type: string; value: string }[] })
      .envs;
  };

  it('because someone else changes it is written when they are done', async () => {
    refuse(400, { code: 'bad_request', message: 'There is an ongoing update env' }, 2);
    const { error } = await take(world.context({ settings }), setFrontendVariable);
    expect(error).toBeNull();
    expect(await accepted()).toMatchObject([{ type: 'plain', value: settings.apiUrl }]);
  });

  it('fails when that does not end', async () => {
    refuse(400, { code: 'bad_request', message: 'There is an ongoing update env' });
    const { error } = await take(world.context({ settings }), setFrontendVariable);
    expect(error).toMatchObject({ code: 'bad-request' });
    expect(world.record.list().filter(({ name }) => name === 'vercel.create-env')).toHaveLength(4);
  });

  it('because the team accepts sensitive values only is written as one', async () => {
    refuse(400, { code: 'bad_request', message: 'Only sensitive variables are allowed' }, 1);
    const { error } = await take(world.context({ settings }), setFrontendVariable);
    expect(error).toBeNull();
    expect(await accepted()).toMatchObject([{ type: 'sensitive' }]);
  });
});
