/** When something is made on the way, and what happens where it cannot be. */
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { finishedLines } from '../../wizard/model/display/lines.ts';
import { emptyView, foldView } from '../../wizard/model/display/view.ts';
import type { Prompt, Reply } from '../../wizard/model/question.ts';
import { startFaultHarness, type FaultHarness, type HarnessRun } from './fault-harness.ts';

let harness: FaultHarness;
beforeAll(async () => {
  harness = await startFaultHarness();
  harness.qdrantCloud.controls['mostFreeClusters']?.(99);
});
afterEach(() => harness.clearFaults());
afterAll(() => harness?.close());

const choose = (value: string): Reply => ({ type: 'choice', value });
const cancel: Reply = { type: 'cancel' };
type Replies = Record<string, (prompt: Prompt, times: number) => Reply>;

type Run = HarnessRun & { questions: string[]; shown: Prompt[] };

/** Every value is in the environment, but for those of what is made; replies know how often a screen was shown. */
async function run(
  n: number,
  { replies, env = {} }: { replies: Replies; env?: Record<string, string> },
): Promise<Run> {
  const questions: string[] = [];
  const shown: Prompt[] = [];
  const result = await harness.runInteractive([], {
    env: {
      QDRANT_URL: '',
      QDRANT_API_KEY: '',
      DATABASE_URL: '',
      QDRANT_CLOUD_API_KEY: harness.qdrantCloud.managementKey,
      HF_SPACE: `ana/making-${n}`,
      QDRANT_COLLECTION: `making-${n}`,
      ...env,
    },
    stateDir: join(harness.folder, `machine-${n}`),
    answer: (prompt) => {
      const name =
        prompt.type === 'value' ? prompt.question.name : prompt.type === 'choice' ? prompt.name : prompt.type;
      questions.push(name);
      shown.push(prompt);
      if (questions.length > 60) throw new Error(`asked again and again: ${questions.slice(-6).join()}`);
      const times = questions.filter((question) => question === name).length;
      return (replies[name] ?? defaults[name])?.(prompt, times) ?? { type: 'accept' };
    },
  });
  return { ...result, questions, shown };
}

const defaults: Replies = {
  start: () => choose('create'),
  'create-qdrant': () => choose('account'),
  'qdrant-cluster': () => choose('new'),
  'create-postgres': () => choose('claimable'),
  FRONTEND_TARGETS: () => choose('production'),
  'confirm-plan': () => cancel,
};
const clusters = (): number => harness.qdrantCloud.state().clusters.length;
const madeBy = (): string[] => harness.calls().filter((name) => /\.create-/.test(name));

it('nothing is made before the user has decided on both', async () => {
  harness.calls();
  const { questions } = await run(1, {
    replies: {
      'create-postgres': (_, times) => (times === 1 ? { type: 'back' } : cancel),
    },
  });
  expect(questions).toEqual(expect.arrayContaining(['qdrant-cluster', 'create-postgres']));
  expect(questions.filter((name) => name === 'create-postgres')).toHaveLength(2);
  expect(madeBy()).toEqual([]);
});

it('nor before a pasted value is accepted', async () => {
  harness.calls();
  await run(2, {
    replies: {
      'create-postgres': () => choose('paste'),
      DATABASE_URL: (_, times) =>
        times === 1 ? { type: 'value', raw: 'postgresql://ana:not-the-password@127.0.0.1:9/book' } : cancel,
    },
  });
  expect(madeBy()).toEqual([]);
});

it.each([
  ['cluster', 'qdrant-cloud.create-cluster'],
  ['database', 'neon.create-claimable'],
])('a %s that could not be made is made at the second try, and no key is asked for', async (noun, call) => {
  const n = noun === 'cluster' ? 3 : 4;
  const before = clusters();
  harness.addFault(call, { type: 'status', status: 503 });
  const { questions, shown } = await run(n, {
    replies: {
      'not-created': () => {
        harness.clearFaults();
        return choose('again');
      },
    },
  });
  const prompt = shown.find((screen) => screen.type === 'choice' && screen.name === 'not-created');
  expect(JSON.stringify(prompt)).toContain(`The ${noun} could not be made.`);
  expect(JSON.stringify(prompt)).toMatch(/(?:Neon|Qdrant Cloud) has a problem of its own/);
  expect(questions.at(-1)).toBe('confirm-plan');
  expect(questions.filter((name) => name === 'create-postgres')).toHaveLength(1);
  expect(clusters()).toBe(before + 1);
});

it('or comes from elsewhere', async () => {
  harness.addFault('neon.create-claimable', { type: 'status', status: 503 });
  const { questions } = await run(5, {
    replies: {
      'create-postgres': (_, times) => choose(times === 1 ? 'claimable' : 'paste'),
      'not-created': () => choose('other'),
      DATABASE_URL: () => ({ type: 'value', raw: harness.env['DATABASE_URL'] ?? '' }),
    },
  });
  const later = questions.slice(questions.indexOf('not-created'));
  expect(later.slice(0, 3)).toEqual(['not-created', 'create-postgres', 'DATABASE_URL']);
  expect(later.at(-1)).toBe('confirm-plan');
});

it('a vendor that is away is no reason to ask for its key again', async () => {
  harness.addFault('qdrant-cloud.accounts', { type: 'status', status: 503 });
  const { shown, questions } = await run(6, {
    replies: {
      QDRANT_CLOUD_API_KEY: () => {
        harness.clearFaults();
        return { type: 'accept' };
      },
    },
  });
  const key = shown.find(
    (prompt) => prompt.type === 'value' && prompt.question.name === 'QDRANT_CLOUD_API_KEY',
  );
  expect(JSON.stringify(key)).toContain('Qdrant Cloud has a problem of its own');
  expect(key).toMatchObject({ proposal: { source: 'environment' } });
  expect(questions.at(-1)).toBe('confirm-plan');
});

it('a run that is cancelled at its plan says what it made', async () => {
  const { finished, events } = await run(7, { replies: {} });
  expect(finished.failure?.message).toContain('the cluster and the database');
  const planned = events.find(({ type }) => type === 'plan-ready');
  expect(planned).toBeDefined();
});

it('a run that fails after something was made does not say that nothing was changed', async () => {
  harness.addFault('qdrant-cloud.create-key', { type: 'status', status: 400 });
  const { events } = await run(8, { replies: { 'not-created': () => cancel } });
  const view = events.reduce((seen, event) => foldView(seen, event, 0), emptyView);
  const failed = {
    ...view,
    finished: { ...view.finished!, failure: { ...view.finished!.failure!, kind: 'failed' as const } },
  };
  const text = finishedLines(failed)
    .map((line) => line.text)
    .join('\n');
  expect(text).not.toContain('Nothing was changed');
  expect(text).toContain('is used by the next run');
});
