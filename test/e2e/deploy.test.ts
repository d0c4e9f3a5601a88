import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFiles, findLeaks, publicTexts, secretsIn, type NamedText } from '../leak-check.ts';
import { stepIds } from '../../wizard/model/run/plan.ts';
import { stepDependencies } from '../../wizard/steps/steps.ts';
import {
  eventsOf,
  runWizard,
  spaceFiles,
  startSandbox,
  type SandboxProcess,
  type WizardRun,
} from './sandbox-process.ts';
import { hosting } from './tested-hosting.ts';

let sandbox: SandboxProcess;
let stateHome: string;
let first: WizardRun;
let second: WizardRun;
let writesBetween: { total: number; byName: Record<string, number> };
const commandLines: string[] = [];

beforeAll(async () => {
  sandbox = await startSandbox();
  stateHome = await mkdtemp(join(tmpdir(), 'deploy-test-'));
  const env = { ...hosting.env(sandbox.env), XDG_STATE_HOME: stateHome };
  first = await runWizard({
    args: [...hosting.flags(), '--yes', '--json'],
    env,
    onStart: (child) => commandLines.push(child.spawnargs.join(' ')),
  });
  const before = await sandbox.writes();
  second = await runWizard({ args: [...hosting.flags(), '--yes', '--json'], env });
  const after = await sandbox.writes();
  writesBetween = {
    total: after.total - before.total,
    byName: Object.fromEntries(
      Object.entries(after.byName)
        .map(([name, count]) => [name, count - (before.byName[name] ?? 0)] as const)
        .filter(([, count]) => count > 0),
    ),
  };
}, 180_000);

afterAll(async () => {
  await sandbox?.stop();
  await rm(stateHome, { recursive: true, force: true });
});

const outcomes = (run: WizardRun): [unknown, unknown][] =>
  eventsOf(run, 'step-done').map((event) => [event['step'], event['outcome']]);

describe('the first deployment', () => {
  it('exits within two seconds of its last event', () => {
    const last = Date.parse(first.events.at(-1)?.at ?? '');
    expect(first.endedAt - last).toBeLessThan(2_000);
  });

  it('puts no key into a URL', async () => {
    const values = secretsIn(sandbox.env).map(([, value]) => value);
    const addresses = (await sandbox.exchanges()).map(({ path }) => path);
    expect(addresses.length).toBeGreaterThan(50);
    const leaking = addresses.filter((path) =>
      values.some((value) => path.includes(value) || path.includes(encodeURIComponent(value))),
    );
    expect(leaking).toEqual([]);
  });

  it('ends healthy, exit 0, with run-finished once and last', () => {
    expect(first.events.at(-1), first.stderr + first.stdout.slice(-2000)).toMatchObject({
      type: 'run-finished',
      ok: true,
      exitCode: 0,
      failure: null,
      deployment: { space: hosting.place(), health: 'healthy' },
    });
    expect(first.code).toBe(0);
    expect(eventsOf(first, 'run-finished')).toHaveLength(1);
  });

  it('reports every step with its outcome, after the steps that it depends on', () => {
    const finished = outcomes(first).map(([step]) => step);
    expect([...finished].sort()).toEqual([...stepIds].sort());
    const at = (type: string, step: unknown): number =>
      first.events.findIndex((event) => event.type === type && event['step'] === step);
    for (const step of stepIds)
      for (const before of stepDependencies[step])
        expect(at('step-done', before), step).toBeLessThan(at('step-started', step));
    const failedOrSkipped = outcomes(first).filter(
      ([, outcome]) => outcome === 'failed' || outcome === 'skipped',
    );
    expect(failedOrSkipped).toEqual([]);
  });

  it('writes only versioned NDJSON to stdout', () => {
    const lines = first.stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(first.events.length);
    expect(first.events.every((event) => event.v === 1 && !Number.isNaN(Date.parse(event.at)))).toBe(true);
  });

  it('proves a cited answer from the frontend’s own origin', () => {
    const [answer] = first.events.filter((event) => event.type === 'notice' && event['code'] === 'answer');
    expect(String(answer?.['message'])).toMatch(/\[Source 1\]/);
  });

  it.runIf(hosting.isSpace)('uploads exactly the built bundle', async () => {
    const commits = (await sandbox.exchanges()).filter((exchange) => exchange.name === 'hub.commit');
    expect(commits).not.toHaveLength(0);
    for (const name of ['server.js', 'Dockerfile']) {
      const response = await fetch(
        `${sandbox.env['HF_ENDPOINT']}/spaces/ana/sample-book-chat/resolve/main/${name}`,
        { headers: { authorization: `Bearer ${sandbox.env['HF_TOKEN']}` } },
      );
      const uploaded = Buffer.from(await response.arrayBuffer());
      expect(uploaded.equals(await readFile(join(spaceFiles, name))), name).toBe(true);
    }
  });
});

describe('the second deployment', () => {
  it('finds every step unchanged', () => {
    expect(Object.fromEntries(outcomes(second))).toEqual(
      Object.fromEntries(stepIds.map((step) => [step, 'unchanged'])),
    );
    expect(second.code).toBe(0);
    const [plan] = eventsOf(second, 'plan-ready');
    expect((plan!['changes'] as { kind: string }[]).filter(({ kind }) => kind !== 'unchanged')).toEqual([]);
  });

  it('writes nothing at any vendor', () => {
    expect(writesBetween).toEqual({ total: 0, byName: {} });
  });
});

it('no secret is in events, logs, argv, journal or uploaded files', async () => {
  const uploaded = hosting.isSpace
    ? await publicTexts(sandbox.env, hosting.place())
    : (await sandbox.exchanges())
        .filter(({ name }) => name === 'vercel.upload-file')
        .map(({ path, requestBody }): NamedText => [`uploaded by ${path}`, String(requestBody)]);
  const names = ['server.js', 'book.json', 'README.md'].map((name) => `uploaded ${name}`);
  if (hosting.isSpace) expect(uploaded.map(([name]) => name)).toEqual(expect.arrayContaining(names));
  else expect(uploaded.length).toBeGreaterThan(3);
  const journals = await readFiles(stateHome);
  expect(journals.length).toBeGreaterThan(0);
  const places: NamedText[] = [
    ['first stdout', first.stdout],
    ['first stderr', first.stderr],
    ['second stdout', second.stdout],
    ['second stderr', second.stderr],
    ['argv', commandLines.join('\n')],
    ...journals,
    ...uploaded,
  ];
  expect(findLeaks({ secrets: secretsIn(sandbox.env), places })).toEqual([]);
});
