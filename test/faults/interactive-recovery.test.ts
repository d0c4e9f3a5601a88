/** Failures in an interactive run: whatever fails, no key has to be entered twice. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Prompt, Reply } from '../../wizard/model/question.ts';
import { startFaultHarness, type FaultHarness } from './fault-harness.ts';

let harness: FaultHarness;
beforeAll(async () => void (harness = await startFaultHarness()));
afterEach(() => {
  harness.clearFaults();
  harness.setBuildOutcome('ok');
});
afterAll(() => harness?.close());

const nameOf = (prompt: Prompt): string =>
  prompt.type === 'value' ? prompt.question.name : prompt.type === 'choice' ? prompt.name : prompt.type;
const choose = (value: string): Reply => ({ type: 'choice', value });
const type = (raw: string): Reply => ({ type: 'value', raw });

const defaultReplies: Record<string, Reply> = {
  start: choose('use'),
  FRONTEND_TARGETS: choose('production'),
  'confirm-plan': { type: 'accept' },
};

/** Replies with the defaults, except for `replies`: each is used once, in order, and may have a side effect. */
function userWith(replies: Record<string, (() => Reply)[]>) {
  const prompts: Prompt[] = [];
  const answer = (prompt: Prompt): Reply => {
    prompts.push(prompt);
    const name = nameOf(prompt);
    const reply = replies[name]?.shift()?.() ?? defaultReplies[name];
    if (reply === undefined) throw new Error(`no reply to ${JSON.stringify(prompt)}`);
    return reply;
  };
  return {
    answer,
    asked: prompts,
    names: () => prompts.map(nameOf).filter((name) => name !== 'FRONTEND_TARGETS'),
  };
}

it('asks for another Space with the reason when one is unusable, and continues', async () => {
  const names = ['zoe/book-100', 'ana/static-site', 'ana/book-100'];
  const user = userWith({ HF_SPACE: names.map((name) => () => type(name)) });
  const { finished } = await harness.runInteractive([], user);
  expect(finished, JSON.stringify(finished.failure)).toMatchObject({ ok: true });
  const spaces = user.asked.filter((prompt) => nameOf(prompt) === 'HF_SPACE');
  expect(spaces).toMatchObject([
    { problem: null },
    { problem: { message: expect.stringContaining('may not create Spaces for zoe') } },
    { problem: { message: expect.stringContaining('is a static Space') } },
  ]);
  expect(user.names().filter((name) => /TOKEN|KEY|URL/.test(name))).toEqual([]);
});

it('offers to retry or go back when planning fails', async () => {
  const broken = (): Reply => {
    harness.addFault('hub.info', { type: 'status', status: 500 });
    return type('ana/book-101');
  };
  const user = userWith({
    HF_SPACE: [broken, broken],
    'not-planned': [
      () => ({ type: 'back' }),
      () => {
        harness.clearFaults();
        return choose('again');
      },
    ],
  });
  const { finished, events } = await harness.runInteractive([], user);
  expect(finished, JSON.stringify(finished.failure)).toMatchObject({ ok: true });
  expect(events).toContainEqual(expect.objectContaining({ type: 'notice', code: 'not-planned' }));
  expect(user.names()).toEqual([
    'start',
    'HF_SPACE',
    'not-planned',
    'HF_SPACE',
    'not-planned',
    'confirm-plan',
  ]);
});

it('offers to retry a failed step', async () => {
  const user = userWith({
    'confirm-plan': [
      () => {
        harness.addFault('vercel.create-env', { type: 'status', status: 500 });
        return { type: 'accept' };
      },
    ],
    'second-try': [
      () => {
        harness.clearFaults();
        return choose('retry');
      },
    ],
  });
  const { finished } = await harness.runInteractive([], { ...user, env: { HF_SPACE: 'ana/book-102' } });
  expect(finished, JSON.stringify(finished.failure)).toMatchObject({ ok: true, exitCode: 0 });
  expect(user.names()).toEqual(['start', 'confirm-plan', 'second-try']);
  expect(harness.spaces(102)).toBe(1);
});

it.each([
  ['error', 'Build it from scratch and go on', 103],
  ['stuck', 'Factory rebuild and go on', 104],
] as const)('offers the remedy for a build with outcome %s: %s', async (outcome, label, n) => {
  harness.setBuildOutcome(outcome);
  harness.calls();
  const user = userWith({
    'second-try': [
      () => {
        harness.setBuildOutcome('ok');
        return choose('retry');
      },
    ],
  });
  const { finished } = await harness.runInteractive([], { ...user, env: { HF_SPACE: `ana/book-${n}` } });
  expect(finished, JSON.stringify(finished.failure)).toMatchObject({ ok: true, exitCode: 0 });
  expect(user.asked.at(-1)).toMatchObject({ choices: [{ label }, { value: 'stop' }] });
  expect(harness.calls()).toContain('hub.restart');
});

it.each([
  ['stop', choose('stop'), 4],
  ['cancel', { type: 'cancel' } as const, 130],
] as const)('reports what was created and how to resume on %s', async (_, reply, exitCode) => {
  const n = 105 + exitCode;
  const user = userWith({
    'confirm-plan': [
      () => {
        harness.addFault('vercel.create-env', { type: 'status', status: 500 });
        return { type: 'accept' };
      },
    ],
    'second-try': [() => reply],
  });
  const { finished, events } = await harness.runInteractive([], {
    ...user,
    env: { HF_SPACE: `ana/book-${n}` },
  });
  expect(finished).toMatchObject({ ok: false, exitCode });
  const codes = events.flatMap((event) => (event.type === 'notice' ? [event.code] : []));
  expect(codes).toEqual(expect.arrayContaining(['stands', 'next', 'go-on', 'go-back']));
});

it('returns to the answers on Esc after a failed step, keeping every key', async () => {
  const user = userWith({
    HF_SPACE: [() => type('ana/book-300'), () => ({ type: 'accept' })],
    'confirm-plan': [
      () => {
        harness.addFault('vercel.create-env', { type: 'status', status: 500 });
        return { type: 'accept' };
      },
    ],
    'second-try': [
      () => {
        harness.clearFaults();
        return { type: 'back' };
      },
    ],
  });
  const { finished } = await harness.runInteractive([], user);
  expect(finished, JSON.stringify(finished.failure)).toMatchObject({ ok: true });
  expect(user.names().slice(-3)).toEqual(['second-try', 'HF_SPACE', 'confirm-plan']);
  expect(harness.spaces(300)).toBe(1);
});

it('goes back in a rotation from the new value to the token and the choice, and from the plan to the value', async () => {
  const { HF_TOKEN = '', GEMINI_API_KEY = '' } = harness.env;
  const goBack = (): Reply => ({ type: 'back' });
  const accept = (): Reply => ({ type: 'accept' });
  const user = userWith({
    rotate: [() => choose('QDRANT_URL'), () => choose('GEMINI_API_KEY')],
    HF_TOKEN: [() => type(HF_TOKEN), goBack, () => type(HF_TOKEN)],
    QDRANT_URL: [goBack],
    GEMINI_API_KEY: [() => type(GEMINI_API_KEY), accept],
  });
  const env = { HF_TOKEN: '', GEMINI_API_KEY: '', QDRANT_URL: '' };
  const { finished } = await harness.runInteractive(['rotate', '--space', 'ana/book-102'], { ...user, env });
  expect(finished, JSON.stringify(finished.failure)).toMatchObject({ ok: true });
  expect(user.names()).toEqual([
    'rotate',
    'HF_TOKEN',
    'QDRANT_URL',
    'HF_TOKEN',
    'rotate',
    'HF_TOKEN',
    'GEMINI_API_KEY',
  ]);
  const values = user.asked.filter((prompt) => prompt.type === 'value');
  expect(values.every((prompt) => prompt.canGoBack)).toBe(true);
});

it('offers to retry failed indexing with the same keys', async () => {
  const user = userWith({
    'confirm-plan': [
      () => {
        harness.addFault('gemini.batchEmbedContents', { type: 'status', status: 403 });
        return { type: 'accept' };
      },
    ],
    'second-try': [
      () => {
        harness.clearFaults();
        return choose('retry');
      },
    ],
  });
  const env = { QDRANT_COLLECTION: 'another-book' };
  const { finished } = await harness.runInteractive(['index'], { ...user, env });
  expect(finished, JSON.stringify(finished.failure)).toMatchObject({ ok: true });
  expect(user.names()).toEqual(['confirm-plan', 'second-try', 'confirm-plan']);
});

it('completes a rotation that was interrupted between writing the secret and proving it', async () => {
  const { DATABASE_URL = '' } = harness.env;
  const url = new URL(DATABASE_URL);
  url.searchParams.set('application_name', 'second');
  const env = { DATABASE_URL: url.href };
  const args = ['rotate', 'postgres', '--space', 'ana/book-102'];
  const cut = userWith({
    DATABASE_URL: [() => type(url.href), () => ({ type: 'back' })],
    'confirm-plan': [
      () => {
        harness.addFault('hub.set-variable', { type: 'status', status: 500 });
        return { type: 'accept' };
      },
    ],
  });
  expect((await harness.runInteractive(args, { ...cut, env })).finished).toMatchObject({ ok: false });
  harness.clearFaults();
  const user = userWith({ DATABASE_URL: [() => type(url.href)] });
  const { finished, events } = await harness.runInteractive(args, { ...user, env });
  expect(finished, JSON.stringify(finished.failure)).toMatchObject({ ok: true });
  const steps = events.flatMap((event) => (event.type === 'step-done' ? [event.step] : []));
  expect(steps).toEqual(['set-variables', 'await-build', 'await-health']);
  const codes = events.flatMap((event) => (event.type === 'notice' ? [event.code] : []));
  expect(codes).toContain('revoke');
  expect(codes).not.toContain('nothing-to-rotate');
});
