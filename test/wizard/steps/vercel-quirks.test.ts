import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { frontendOrigins } from '../../../wizard/steps/origins.ts';
import { redeployFrontend } from '../../../wizard/steps/redeploy-frontend.ts';
import { setFrontendVariable } from '../../../wizard/steps/set-frontend-variable.ts';
import { startWorld, take, type World } from './world.ts';

let world: World;
const settings = { apiUrl: 'https://api.example.com' };
const changed = new Map([['set-frontend-variable', 'changed']] as const);

beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

const refused = (status: number, error: object) =>
  ({ type: 'status', status, body: JSON.stringify({ error }) }) as const;

describe('Vercel refuses the variable', () => {
  it.each([
    ['ENV_CONFLICT', 400, { code: 'ENV_CONFLICT', message: 'conflicts with another' }, 'failed'],
    ['a bad token', 403, { code: 'forbidden', message: 'Not authorized', invalidToken: true }, 'rejected'],
  ] as const)('%s', async (_, status, error, kind) => {
    world.faults.add({ call: 'vercel.create-env', kind: refused(status, error) });
    const { error: thrown } = await take(world.context({ settings }), setFrontendVariable);
    expect(thrown).toMatchObject({ kind, service: 'vercel' });
  });

  it('a value that does not read back', async () => {
    const body = JSON.stringify({ created: {}, failed: [] });
    world.faults.add({ call: 'vercel.create-env', kind: { type: 'status', status: 201, body } });
    const { error } = await take(world.context({ settings }), setFrontendVariable);
    expect(error).toMatchObject({ code: 'frontend-variable-not-kept' });
  });
});

describe('what the variable is set to', () => {
  const wiring = { value: null, isSameOrigin: false, dir: null, files: [], isChanged: false };

  it.each([
    [
      'the origin and a path, as the code takes it',
      { ...wiring, path: '/api' },
      'https://api.example.com/api',
    ],
    [
      'the value that was given',
      { ...wiring, path: '/api', value: 'https://x.example/v2' },
      'https://x.example/v2',
    ],
  ])('is %s', async (_, given, value) => {
    const { result } = await take(
      world.context({ settings: { ...settings, wiring: given } }),
      setFrontendVariable,
    );
    expect(result?.reason).toBe(`REACT_APP_API_BASE_URL = ${value}`);
  });

  it('is nothing where the page asks its own origin', async () => {
    const given = { ...wiring, path: '', isSameOrigin: true };
    const { look } = await take(
      world.context({ settings: { ...settings, wiring: given } }),
      setFrontendVariable,
    );
    expect(look.skip).toContain('its own origin');
  });
});

describe('a build that fails', () => {
  it('shows the end of its log, and says what helps against a reason that is known', async () => {
    await take(world.context({ settings }), setFrontendVariable);
    world.vercel.knobs['outcomes']?.(['ERROR']);
    const log = [
      { type: 'stdout', text: '[ProgressPlugin] Invalid options object' },
      { type: 'stderr', payload: { text: "configuration has an unknown property 'name'." } },
    ];
    world.faults.add({
      call: 'vercel.events',
      kind: { type: 'status', status: 200, body: JSON.stringify(log) },
    });
    const { events, error } = await take(world.context({ settings }), redeployFrontend, changed);
    expect(events.filter(({ type }) => type === 'log')).toHaveLength(2);
    expect(error).toMatchObject({
      code: 'frontend-build-failed',
      remedy: expect.stringContaining('package-lock.json'),
    });
  });
});

describe('the origins that may ask', () => {
  it('are the domains that serve production, and previews of this project alone', async () => {
    world.vercel.knobs['domains']?.({
      project: 'sample-book',
      domains: {
        'book.example': null,
        'www.book.example': 'book.example',
        'sample-book.vercel.app': null,
      },
    });
    const { all, previews } = await frontendOrigins(world.context());
    expect(all[0]).toBe('https://book.example');
    expect(all).toContain('https://sample-book.vercel.app');
    expect(all).not.toContain('https://www.book.example');
    expect(previews).toBe('https://sample-book-*-ana.vercel.app');
  });
});
