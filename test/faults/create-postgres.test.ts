/** Deployments whose database is created on the way. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventLines } from '../../wizard/model/display/lines.ts';
import type { Prompt, Reply } from '../../wizard/model/question.ts';
import { startFaultHarness, type FaultHarness, type HarnessRun } from './fault-harness.ts';

let harness: FaultHarness;
beforeAll(async () => void (harness = await startFaultHarness()));
afterAll(() => harness?.close());

const choose = (value: string): Reply => ({ type: 'choice', value });

/** Runs in a folder of its own; the environment has every key but that of a database. */
async function run(
  argv: string[],
  replies: Record<string, Reply>,
  options: { env?: Record<string, string>; stateDir: string; space: string },
): Promise<HarnessRun & { questions: string[] }> {
  const questions: string[] = [];
  const { stateDir, space, env = {} } = options;
  const result = await harness.runInteractive(argv, {
    env: { DATABASE_URL: '', HF_SPACE: space, QDRANT_COLLECTION: space.split('/')[1] ?? '', ...env },
    stateDir,
    cwd: harness.folder,
    answer: (prompt: Prompt) => {
      const name =
        prompt.type === 'value' ? prompt.question.name : prompt.type === 'choice' ? prompt.name : prompt.type;
      questions.push(name);
      return replies[name] ?? { type: 'accept' };
    },
  });
  return { ...result, questions };
}

const toTheEnd = { FRONTEND_TARGETS: choose('production'), start: choose('create') };

it('without an account: nothing is pasted, and only a terminal shows the claim link', async () => {
  const stateDir = join(harness.folder, 'machine-claimable');
  harness.calls();
  const { events, finished, questions } = await run(
    [],
    { ...toTheEnd, 'create-postgres': choose('claimable') },
    { stateDir, space: 'ana/created-1' },
  );
  expect(finished, JSON.stringify(finished.failure)).toMatchObject({ ok: true });
  expect(questions).not.toContain('DATABASE_URL');
  expect(harness.calls()).toContain('neon.create-claimable');
  const link =
    /http[^"]*\/database\/[^"]+/.exec(readFileSync(join(stateDir, 'created.json'), 'utf8'))?.[0] ?? '';
  expect(link).not.toBe('');
  expect(JSON.stringify(events)).not.toContain(link);
  const event = events.find(({ type }) => type === 'private-link')!;
  expect(JSON.stringify(eventLines(event))).not.toContain(link);
  expect(JSON.stringify(eventLines(event, { mayShowLinks: true }))).toContain(link);
  // The next run of the same folder uses the same database, and status shows the link.
  const status = await run(['status'], {}, { stateDir, space: 'ana/created-1' });
  expect(status.events.map(({ type }) => type)).toContain('private-link');
  expect(harness.calls()).not.toContain('neon.create-claimable');
});

it('doctor says that it has ended, once no one claimed it', async () => {
  const user = { stateDir: join(harness.folder, 'machine-claimable'), space: 'ana/created-1' };
  const codesOf = async (): Promise<string[]> =>
    (await run(['doctor'], {}, user)).events.flatMap((event) =>
      event.type === 'notice' ? [event.code] : [],
    );
  expect(await codesOf()).toContain('database-unclaimed');
  harness.addFault('neon.claimable', { type: 'status', status: 404 });
  const codes = await codesOf();
  harness.clearFaults();
  expect(codes).toContain('database-expired');
  expect(codes).not.toContain('database-unclaimed');
});

it('in an account: existing projects are offered, and what it makes is made after the other keys are accepted', async () => {
  const stateDir = join(harness.folder, 'machine-account');
  harness.calls();
  const { finished, questions } = await run(
    [],
    { ...toTheEnd, 'create-postgres': choose('account'), 'neon-project': choose('new') },
    { stateDir, space: 'ana/created-2', env: { NEON_API_KEY: harness.neonKey } },
  );
  expect(finished, JSON.stringify(finished.failure)).toMatchObject({ ok: true });
  expect(questions).toContain('neon-project');
  expect(harness.calls()).toContain('neon.create-project');
});

it('under --yes only what --create names, and only in an account', async () => {
  const stateDir = join(harness.folder, 'machine-yes');
  const missing = await run(['--yes', '--json'], {}, { stateDir, space: 'ana/created-3' });
  expect(missing.finished.failure).toMatchObject({ code: 'input-missing' });
  const noKey = await run(['--yes', '--json', '--create', 'neon'], {}, { stateDir, space: 'ana/created-3' });
  expect(noKey.finished.failure).toMatchObject({ code: 'input-missing' });
  expect(harness.calls().filter((name) => name.startsWith('neon.'))).toEqual([]);
  const made = await run(
    ['--yes', '--json', '--create', 'neon'],
    {},
    { stateDir, space: 'ana/created-3', env: { NEON_API_KEY: harness.neonKey } },
  );
  expect(made.finished, JSON.stringify(made.finished.failure)).toMatchObject({ ok: true });
  const again = await run(
    ['--yes', '--json', '--create', 'neon'],
    {},
    { stateDir, space: 'ana/created-3', env: { NEON_API_KEY: harness.neonKey } },
  );
  expect(again.finished).toMatchObject({ ok: true });
  expect(again.events.filter((event) => event.type === 'step-done' && event.outcome === 'changed')).toEqual(
    [],
  );
});

const rotating = { 'reset-password': choose('reset') };

it('rotate makes a new password itself, proves it, and gives it to the server', async () => {
  const user = { stateDir: join(harness.folder, 'machine-account'), space: 'ana/created-2' };
  const before = harness.secretOf(user.space, 'DATABASE_URL');
  const { finished, events, questions } = await run(['rotate', 'postgres'], rotating, {
    ...user,
    env: { NEON_API_KEY: harness.neonKey },
  });
  expect(finished, JSON.stringify(finished.failure)).toMatchObject({ ok: true });
  expect(questions).not.toContain('DATABASE_URL');
  const after = harness.secretOf(user.space, 'DATABASE_URL');
  expect(new URL(after).pathname).toBe(new URL(before).pathname);
  expect(await logsIn(before)).toBe(false);
  expect(await logsIn(after)).toBe(true);
  const codes = events.flatMap((event) => (event.type === 'notice' ? [event.code] : []));
  expect(codes).toContain('revoked');
  expect(codes).not.toContain('revoke');
});

it('rotate that is cut off after the reset makes another password the next time', async () => {
  const user = {
    stateDir: join(harness.folder, 'machine-account'),
    space: 'ana/created-2',
    env: { NEON_API_KEY: harness.neonKey },
  };
  harness.addFault('hub.set-secret', { type: 'status', status: 403 });
  const cut = await run(['rotate', 'postgres', '--yes', '--json'], {}, user);
  harness.clearFaults();
  expect(cut.finished).toMatchObject({ ok: false });
  expect(await logsIn(harness.secretOf(user.space, 'DATABASE_URL'))).toBe(false);
  const again = await run(['rotate', 'postgres', '--yes', '--json'], {}, user);
  expect(again.finished, JSON.stringify(again.finished.failure)).toMatchObject({ ok: true });
  expect(await logsIn(harness.secretOf(user.space, 'DATABASE_URL'))).toBe(true);
});

it('rotate resets no password of a database that the server does not use, nor before the plan is accepted', async () => {
  const user = {
    stateDir: join(harness.folder, 'machine-account'),
    space: 'ana/created-2',
    env: { NEON_API_KEY: harness.neonKey },
  };
  harness.calls();
  await run(['rotate', 'postgres'], { ...rotating, 'confirm-plan': { type: 'cancel' } }, user);
  expect(harness.calls()).not.toContain('neon.reset-password');
  const other = { ...user.env, DATABASE_URL: harness.env['DATABASE_URL'] ?? '' };
  const moved = await run(['rotate', 'postgres', '--yes', '--json'], {}, { ...user, env: other });
  expect(moved.finished, JSON.stringify(moved.finished.failure)).toMatchObject({ ok: true });
  const missing = await run(['rotate', 'postgres', '--yes', '--json'], {}, user);
  expect(missing.finished.failure).toMatchObject({ code: 'input-missing' });
  expect(harness.calls()).not.toContain('neon.reset-password');
});

async function logsIn(connectionString: string): Promise<boolean> {
  const client = new pg.Client({ connectionString });
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}
