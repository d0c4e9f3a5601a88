import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { prove } from '../../../wizard/steps/prove.ts';
import { redeployFrontend } from '../../../wizard/steps/redeploy-frontend.ts';
import { setFrontendVariable } from '../../../wizard/steps/set-frontend-variable.ts';
import { startServer, type Script } from './server-stand-in.ts';
import { startSandboxServices, take, type ContextChanges, type SandboxServices } from './sandbox-services.ts';

let world: SandboxServices;
let server: Awaited<ReturnType<typeof startServer>>;
beforeAll(async () => {
  world = await startSandboxServices();
});
afterEach(() => server.close());
afterAll(() => world.close());

const cited = [
  { type: 'metadata', content: null, sources: null, conversation_id: 'x' },
  { type: 'token', content: 'Mount it ' },
  { type: 'token', content: 'high [Source 1].' },
  { type: 'done', sources: [{ file: 'docs/planning/mast.md', heading: 'Mast', url: '/docs/planning/mast' }] },
];

async function proved(script: Partial<Script>, { project = 'sample-book', wire = false } = {} as Wanted) {
  const context = (settings: ContextChanges['settings']) =>
    world.context({ project, settings: settings ?? {} });
  const probe = context({ frontend: 'set' });
  const { url } = await originOf(probe.target.project ?? '');
  server = await startServer({ chat: () => cited, allows: url, ...script });
  const wanted = context({ apiUrl: server.url });
  if (wire) {
    await take(wanted, setFrontendVariable);
    await take(wanted, redeployFrontend, new Map([['set-frontend-variable', 'changed']]));
  }
  return take(wanted, prove);
}
type Wanted = { project?: 'sample-book' | 'plain-book'; wire?: boolean };

async function originOf(project: string): Promise<{ url: string }> {
  const { projects } = world.vercel.state() as { projects: Record<string, { origin: string }> };
  return { url: projects[project]?.origin ?? '' };
}

describe('the proof', () => {
  it('is a cited answer to the page’s own origin, and the address in its bundle', async () => {
    const { events, result, error } = await proved({}, { wire: true });
    expect(error).toBeNull();
    expect(result).toMatchObject({
      outcome: 'unchanged',
      reason: expect.stringMatching(
        /^Asked “What does the book say about .*”: cited \/docs\/planning\/mast$/,
      ),
    });
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'notice', code: 'answer', message: 'Mount it high [Source 1].' }),
    );
  });

  it('fails when the site’s build does not fill in the variable, after the answer was shown', async () => {
    const { events, error } = await proved({}, { project: 'plain-book', wire: true });
    expect(events).toContainEqual(expect.objectContaining({ code: 'answer' }));
    expect(error).toMatchObject({
      code: 'frontend-not-wired',
      message: expect.stringContaining('process.env.REACT_APP_API_BASE_URL'),
    });
  });

  it('fails when the page holds another address', async () => {
    const { error } = await proved({});
    expect(error).toMatchObject({
      code: 'frontend-not-wired',
      message: expect.stringMatching(/its chat asks http:\/\/127\.0\.0\.1:\d+\/api\/chat, which is not/),
    });
  });

  it('fails when readers would have to log in', async () => {
    world.vercel.controls['protection']?.({ project: 'sample-book', sites: 'all' });
    const { error } = await proved({});
    world.vercel.controls['protection']?.({ project: 'sample-book', sites: null });
    expect(error).toMatchObject({ code: 'frontend-protected', kind: 'failed' });
  });

  it('fails when the page may not read the answer', async () => {
    const { error } = await proved({ allows: 'https://somebody.example' });
    expect(error).toMatchObject({ code: 'origin-not-allowed' });
  });

  it('fails when no question is answered with a source', async () => {
    const chat = () => [
      { type: 'token', content: 'I do not know.' },
      // What was only read is listed too, and proves nothing.
      { type: 'done', sources: [{ file: 'docs/wind.md', heading: 'Wind', url: '/docs/wind' }] },
    ];
    const { error } = await proved({ chat });
    expect(error).toMatchObject({
      code: 'answer-uncited',
      message: expect.stringContaining('I do not know.'),
    });
  });

  it('fails with the reason that the stream gives', async () => {
    const chat = () => [
      { type: 'error', code: 'quota', message: 'Gemini’s quota is used up.' },
      { type: 'done', sources: [] },
    ];
    const { error } = await proved({ chat });
    expect(error).toMatchObject({
      code: 'answer-failed',
      message: expect.stringContaining('quota is used up'),
    });
  });
});
