/** Deployments whose cluster and keys are made at Qdrant Cloud on the way. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Prompt, Reply } from '../../wizard/model/question.ts';
import { runBundle } from '../server/running-bundle.ts';
import { startFaultHarness, type FaultHarness, type HarnessRun } from './fault-harness.ts';

let harness: FaultHarness;
beforeAll(async () => void (harness = await startFaultHarness()));
afterAll(() => harness?.close());

const choose = (value: string): Reply => ({ type: 'choice', value });

/** Runs in the harness's folder; the environment has every key but those of a cluster. */
async function run(
  argv: string[],
  replies: Record<string, Reply | ((prompt: Prompt) => Reply)>,
  options: { env?: Record<string, string>; space: string; stateDir?: string },
): Promise<HarnessRun & { questions: string[] }> {
  const questions: string[] = [];
  const { space, env = {}, stateDir = join(harness.folder, 'machine') } = options;
  const result = await harness.runInteractive(argv, {
    env: {
      QDRANT_URL: '',
      QDRANT_API_KEY: '',
      QDRANT_CLOUD_API_KEY: harness.qdrantCloud.managementKey,
      HF_SPACE: space,
      QDRANT_COLLECTION: space.split('/')[1] ?? '',
      ...env,
    },
    stateDir,
    cwd: harness.folder,
    answer: (prompt: Prompt) => {
      const name =
        prompt.type === 'value' ? prompt.question.name : prompt.type === 'choice' ? prompt.name : prompt.type;
      questions.push(name);
      if (questions.length > 100)
        throw new Error(`the same is asked again and again: ${questions.slice(-5).join()}`);
      const reply = replies[name] ?? { type: 'accept' };
      return typeof reply === 'function' ? reply(prompt) : reply;
    },
  });
  return { ...result, questions };
}

const toTheEnd = {
  FRONTEND_TARGETS: choose('production'),
  start: choose('create'),
  'create-qdrant': choose('account'),
  'qdrant-cluster': choose('new'),
  'create-postgres': choose('paste'),
  'old-place': choose('keep'),
};

const changed = ({ events }: HarnessRun) =>
  events.filter((event) => event.type === 'step-done' && event.outcome === 'changed');

it('the server gets a key that only reads, and the run’s own is gone at its end', async () => {
  const space = 'ana/cluster-1';
  const { finished, questions, events } = await run([], toTheEnd, { space });
  expect(finished, JSON.stringify(finished.failure)).toMatchObject({ ok: true });
  expect(questions).toContain('qdrant-cluster');
  expect(questions).not.toContain('QDRANT_URL');
  const { clusters, keys } = harness.qdrantCloud.state();
  expect(clusters).toMatchObject([{ isFree: true, provider: 'aws', region: 'us-east-1' }]);
  expect(keys).toMatchObject([{ name: expect.stringContaining('server'), expires: null }]);
  const key = harness.secretOf(space, 'QDRANT_API_KEY');
  const url = harness.secretOf(space, 'QDRANT_URL');
  const points = `${url}/collections/cluster-1/points`;
  const headers = { 'api-key': key, 'content-type': 'application/json' };
  const read = await fetch(`${url}/collections/cluster-1`, { headers });
  const counts = (await read.json()) as { result: { points_count: number } };
  expect(counts.result.points_count).toBeGreaterThan(0);
  const upsert = await fetch(points, { method: 'PUT', headers, body: JSON.stringify({ points: [] }) });
  expect(upsert.status).toBe(403);
  const output =
    JSON.stringify(events) + readFileSync(join(harness.folder, 'machine', 'created.json'), 'utf8');
  for (const secret of [key, harness.qdrantCloud.managementKey]) expect(output).not.toContain(secret);
});

it('under --yes only what --create names is made, once, and a second run changes nothing', async () => {
  const space = 'ana/cluster-1';
  harness.calls();
  const missing = await run(['--yes', '--json', '--create', 'neon'], {}, { space });
  expect(missing.finished.failure).toMatchObject({ code: 'input-missing' });
  const noKey = { QDRANT_CLOUD_API_KEY: '' };
  const without = await run(['--yes', '--json', '--create', 'qdrant'], {}, { space, env: noKey });
  expect(without.finished.failure).toMatchObject({ code: 'input-missing' });
  expect(harness.calls().filter((name) => name.startsWith('qdrant-cloud.'))).toEqual([]);
  const again = await run(['--yes', '--json', '--create', 'qdrant'], {}, { space });
  expect(again.finished, JSON.stringify(again.finished.failure)).toMatchObject({ ok: true });
  expect(changed(again)).toEqual([]);
  expect(harness.qdrantCloud.state().clusters).toHaveLength(1);
  expect(harness.qdrantCloud.state().keys).toHaveLength(1);
});

it('a plan that is not accepted leaves no key that writes', async () => {
  const { finished, questions } = await run(
    [],
    {
      ...toTheEnd,
      'qdrant-cluster': (prompt) => choose(prompt.type === 'choice' ? (prompt.choices[0]?.value ?? '') : ''),
      'confirm-plan': { type: 'cancel' },
    },
    { space: 'ana/cluster-2' },
  );
  expect(questions).toContain('confirm-plan');
  expect(finished).toMatchObject({ ok: false, failure: { kind: 'cancelled' } });
  const names = harness.qdrantCloud.state().keys.map(({ name }) => name);
  expect(names.filter((name) => name.includes('indexing'))).toEqual([]);
});

it('index makes its own key of the cluster that was made for the folder, and deletes it', async () => {
  harness.calls();
  const { finished } = await run(['index', '--yes', '--json'], {}, { space: 'ana/cluster-1' });
  expect(finished, JSON.stringify(finished.failure)).toMatchObject({ ok: true });
  const calls = harness.calls();
  expect(calls).toEqual(expect.arrayContaining(['qdrant-cloud.create-key', 'qdrant-cloud.delete-key']));
  const names = harness.qdrantCloud.state().keys.map(({ name }) => name);
  expect(names.filter((name) => name.includes('indexing'))).toEqual([]);
});

it('rotate makes the new key itself, proves it, and deletes the old one once it may', async () => {
  const space = 'ana/cluster-1';
  const before = harness.secretOf(space, 'QDRANT_API_KEY');
  const keysOfSpace = () => harness.qdrantCloud.state().keys.filter(({ name }) => name.includes('cluster-1'));
  const [old] = keysOfSpace();
  const { finished, questions } = await run(
    ['rotate', 'qdrant'],
    { 'make-key': choose('make'), confirmation: choose('yes') },
    { space },
  );
  expect(finished, JSON.stringify(finished.failure)).toMatchObject({ ok: true });
  expect(questions).toContain('confirmation');
  expect(harness.secretOf(space, 'QDRANT_API_KEY')).not.toBe(before);
  expect(keysOfSpace()).toMatchObject([{ expires: null }]);
  expect(keysOfSpace()[0]?.name).not.toBe(old?.name);
});

it('doctor offers to resume a suspended cluster', async () => {
  const [made] = harness.qdrantCloud.state().clusters;
  harness.qdrantCloud.controls['suspended']?.([made?.name]);
  const { events, questions } = await run(
    ['doctor'],
    { confirmation: choose('yes') },
    { space: 'ana/cluster-1' },
  );
  const codes = events.flatMap((event) => (event.type === 'notice' ? [event.code] : []));
  expect(codes).toEqual(expect.arrayContaining(['cluster-suspended', 'remedied']));
  expect(questions).toContain('confirmation');
  expect(harness.qdrantCloud.state().clusters).toMatchObject([{ isSuspended: false }]);
});

it('a server that runs with the key that only reads is healthy and answers', async () => {
  const space = 'ana/cluster-1';
  const { GEMINI_API_KEY = '', GOOGLE_GEMINI_BASE_URL = '', DATABASE_URL = '' } = harness.env;
  const server = await runBundle({
    GEMINI_API_KEY,
    GOOGLE_GEMINI_BASE_URL,
    DATABASE_URL,
    QDRANT_URL: harness.secretOf(space, 'QDRANT_URL'),
    QDRANT_API_KEY: harness.secretOf(space, 'QDRANT_API_KEY'),
    QDRANT_COLLECTION: 'cluster-1',
    ALLOWED_ORIGINS: 'https://book.example',
  });
  try {
    let health: { status?: string; services?: Record<string, string> } = {};
    for (let tries = 0; tries < 100 && health.status !== 'healthy'; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      health = (await (await fetch(`${server.url}/api/health`)).json()) as typeof health;
    }
    expect(health, server.output()).toMatchObject({ status: 'healthy' });
    const ask = await fetch(`${server.url}/api/chat`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: 'https://book.example' },
      body: JSON.stringify({ message: 'How is humidity measured?' }),
    });
    expect(ask.status, await ask.text()).toBe(200);
    expect(server.output()).not.toMatch(/forbidden|403/i);
  } finally {
    await server.close();
  }
});

it('undo names and deletes the cluster and the key that it made, and asks for no key of the cluster', async () => {
  const undone = await run(
    ['undo'],
    { HF_SPACE: { type: 'value', raw: 'ana/cluster-1' } },
    { space: 'ana/cluster-1' },
  );
  expect(undone.questions).not.toContain('QDRANT_URL');
  expect(undone.finished, JSON.stringify(undone.finished.failure)).toMatchObject({ ok: true });
  expect(harness.qdrantCloud.state()).toMatchObject({ clusters: [], keys: [] });
});
