/** What a person sees of failures: no key is given twice, whatever went wrong and wherever. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Prompt, Reply } from '../../wizard/model/question.ts';
import { startFaultHarness, type FaultHarness } from './fault-harness.ts';

let stage: FaultHarness;
beforeAll(async () => void (stage = await startFaultHarness()));
afterEach(() => {
  stage.clearFaults();
  stage.setBuildOutcome('ok');
});
afterAll(() => stage?.close());

const nameOf = (prompt: Prompt): string =>
  prompt.type === 'value' ? prompt.question.name : prompt.type === 'choice' ? prompt.name : prompt.type;
const choose = (value: string): Reply => ({ type: 'choice', value });
const type = (raw: string): Reply => ({ type: 'value', raw });

const usual: Record<string, Reply> = {
  start: choose('use'),
  FRONTEND_TARGETS: choose('production'),
  'confirm-plan': { type: 'accept' },
};

/** Answers as usual, but for these: each is given once, in order, and may do something first. */
function personWith(own: Record<string, (() => Reply)[]>) {
  const asked: Prompt[] = [];
  const answer = (prompt: Prompt): Reply => {
    asked.push(prompt);
    const name = nameOf(prompt);
    const reply = own[name]?.shift()?.() ?? usual[name];
    if (reply === undefined) throw new Error(`nobody answers ${JSON.stringify(prompt)}`);
    return reply;
  };
  return { answer, asked, names: () => asked.map(nameOf).filter((name) => name !== 'FRONTEND_TARGETS') };
}

it('a Space that will not do is asked for again, with the reason, and the run goes on', async () => {
  const names = ['zoe/book-100', 'ana/static-site', 'ana/book-100'];
  const person = personWith({ HF_SPACE: names.map((name) => () => type(name)) });
  const { finished } = await stage.runInteractive([], person);
  expect(finished, JSON.stringify(finished.failure)).toMatchObject({ ok: true });
  const spaces = person.asked.filter((one) => nameOf(one) === 'HF_SPACE');
  expect(spaces).toMatchObject([
    { problem: null },
    { problem: { message: expect.stringContaining('may not create Spaces for zoe') } },
    { problem: { message: expect.stringContaining('is a static Space') } },
  ]);
  expect(person.names().filter((name) => /TOKEN|KEY|URL/.test(name))).toEqual([]);
});

it('what hinders the plan can be tried again, or gone back from', async () => {
  const broken = (): Reply => {
    stage.addFault('hub.info', { type: 'status', status: 500 });
    return type('ana/book-101');
  };
  const person = personWith({
    HF_SPACE: [broken, broken],
    'not-planned': [
      () => ({ type: 'back' }),
      () => {
        stage.clearFaults();
        return choose('again');
      },
    ],
  });
  const { finished, events } = await stage.runInteractive([], person);
  expect(finished, JSON.stringify(finished.failure)).toMatchObject({ ok: true });
  expect(events).toContainEqual(expect.objectContaining({ type: 'notice', code: 'not-planned' }));
  expect(person.names()).toEqual([
    'start',
    'HF_SPACE',
    'not-planned',
    'HF_SPACE',
    'not-planned',
    'confirm-plan',
  ]);
});

it('a step that failed can be tried again from what stands', async () => {
  const person = personWith({
    'confirm-plan': [
      () => {
        stage.addFault('vercel.create-env', { type: 'status', status: 500 });
        return { type: 'accept' };
      },
    ],
    'second-try': [
      () => {
        stage.clearFaults();
        return choose('retry');
      },
    ],
  });
  const { finished } = await stage.runInteractive([], { ...person, env: { HF_SPACE: 'ana/book-102' } });
  expect(finished, JSON.stringify(finished.failure)).toMatchObject({ ok: true, exitCode: 0 });
  expect(person.names()).toEqual(['start', 'confirm-plan', 'second-try']);
  expect(stage.spaces(102)).toBe(1);
});

it.each([
  ['error', 'Build it from scratch and go on', 103],
  ['stuck', 'Factory rebuild and go on', 104],
] as const)('a build that is %s has its remedy under one key: %s', async (outcome, label, n) => {
  stage.setBuildOutcome(outcome);
  stage.calls();
  const person = personWith({
    'second-try': [
      () => {
        stage.setBuildOutcome('ok');
        return choose('retry');
      },
    ],
  });
  const { finished } = await stage.runInteractive([], { ...person, env: { HF_SPACE: `ana/book-${n}` } });
  expect(finished, JSON.stringify(finished.failure)).toMatchObject({ ok: true, exitCode: 0 });
  expect(person.asked.at(-1)).toMatchObject({ choices: [{ label }, { value: 'stop' }] });
  expect(stage.calls()).toContain('hub.restart');
});

it.each([
  ['stop', choose('stop'), 4],
  ['cancel', { type: 'cancel' } as const, 130],
] as const)('to %s there says what stands and how to go on', async (_, reply, exitCode) => {
  const n = 105 + exitCode;
  const person = personWith({
    'confirm-plan': [
      () => {
        stage.addFault('vercel.create-env', { type: 'status', status: 500 });
        return { type: 'accept' };
      },
    ],
    'second-try': [() => reply],
  });
  const { finished, events } = await stage.runInteractive([], {
    ...person,
    env: { HF_SPACE: `ana/book-${n}` },
  });
  expect(finished).toMatchObject({ ok: false, exitCode });
  const said = events.flatMap((event) => (event.type === 'notice' ? [event.code] : []));
  expect(said).toEqual(expect.arrayContaining(['stands', 'next', 'go-on', 'go-back']));
});

it('Esc after a failed step leads to the answers, with every key at hand', async () => {
  const person = personWith({
    HF_SPACE: [() => type('ana/book-300'), () => ({ type: 'accept' })],
    'confirm-plan': [
      () => {
        stage.addFault('vercel.create-env', { type: 'status', status: 500 });
        return { type: 'accept' };
      },
    ],
    'second-try': [
      () => {
        stage.clearFaults();
        return { type: 'back' };
      },
    ],
  });
  const { finished } = await stage.runInteractive([], person);
  expect(finished, JSON.stringify(finished.failure)).toMatchObject({ ok: true });
  expect(person.names().slice(-3)).toEqual(['second-try', 'HF_SPACE', 'confirm-plan']);
  expect(stage.spaces(300)).toBe(1);
});

it('Esc in a rotation leads from the new value to the token, to what is replaced, and from the plan to the value', async () => {
  const { HF_TOKEN = '', GEMINI_API_KEY = '' } = stage.env;
  const goBack = (): Reply => ({ type: 'back' });
  const accept = (): Reply => ({ type: 'accept' });
  const person = personWith({
    rotate: [() => choose('QDRANT_URL'), () => choose('GEMINI_API_KEY')],
    HF_TOKEN: [() => type(HF_TOKEN), goBack, () => type(HF_TOKEN)],
    QDRANT_URL: [goBack],
    GEMINI_API_KEY: [() => type(GEMINI_API_KEY), accept],
  });
  const env = { HF_TOKEN: '', GEMINI_API_KEY: '', QDRANT_URL: '' };
  const { finished } = await stage.runInteractive(['rotate', '--space', 'ana/book-102'], { ...person, env });
  expect(finished, JSON.stringify(finished.failure)).toMatchObject({ ok: true });
  expect(person.names()).toEqual([
    'rotate',
    'HF_TOKEN',
    'QDRANT_URL',
    'HF_TOKEN',
    'rotate',
    'HF_TOKEN',
    'GEMINI_API_KEY',
  ]);
  const values = person.asked.filter((one) => one.type === 'value');
  expect(values.every((one) => one.canGoBack)).toBe(true);
});

it('indexing that failed can be tried again with the same keys', async () => {
  const person = personWith({
    'confirm-plan': [
      () => {
        stage.addFault('gemini.batchEmbedContents', { type: 'status', status: 403 });
        return { type: 'accept' };
      },
    ],
    'second-try': [
      () => {
        stage.clearFaults();
        return choose('retry');
      },
    ],
  });
  const env = { QDRANT_COLLECTION: 'another-book' };
  const { finished } = await stage.runInteractive(['index'], { ...person, env });
  expect(finished, JSON.stringify(finished.failure)).toMatchObject({ ok: true });
  expect(person.names()).toEqual(['confirm-plan', 'second-try', 'confirm-plan']);
});

it('a rotation that was cut off between the secret and its proof is finished, not taken for done', async () => {
  const { DATABASE_URL = '' } = stage.env;
  const url = new URL(DATABASE_URL);
  url.searchParams.set('application_name', 'second');
  const env = { DATABASE_URL: url.href };
  const args = ['rotate', 'postgres', '--space', 'ana/book-102'];
  const cut = personWith({
    DATABASE_URL: [() => type(url.href), () => ({ type: 'back' })],
    'confirm-plan': [
      () => {
        stage.addFault('hub.set-variable', { type: 'status', status: 500 });
        return { type: 'accept' };
      },
    ],
  });
  expect((await stage.runInteractive(args, { ...cut, env })).finished).toMatchObject({ ok: false });
  stage.clearFaults();
  const person = personWith({ DATABASE_URL: [() => type(url.href)] });
  const { finished, events } = await stage.runInteractive(args, { ...person, env });
  expect(finished, JSON.stringify(finished.failure)).toMatchObject({ ok: true });
  const steps = events.flatMap((event) => (event.type === 'step-done' ? [event.step] : []));
  expect(steps).toEqual(['set-variables', 'await-build', 'await-health']);
  const said = events.flatMap((event) => (event.type === 'notice' ? [event.code] : []));
  expect(said).toContain('revoke');
  expect(said).not.toContain('nothing-to-rotate');
});
