import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runWizard, startSandbox, type SandboxProcess, type WizardRun } from './sandbox-process.ts';
import { hosting } from './tested-hosting.ts';

let sandbox: SandboxProcess;
let folder: string;

beforeAll(async () => {
  sandbox = await startSandbox();
  folder = await mkdtemp(join(tmpdir(), 'kill-test-'));
});
afterAll(async () => {
  await sandbox?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Runs the wizard, and kills it with SIGKILL once its output matches `cut`. */
function run(args: string[], cut?: RegExp): Promise<WizardRun> {
  let output = '';
  return runWizard({
    args: [...args, '--json'],
    env: { ...hosting.env(sandbox.env), XDG_STATE_HOME: folder },
    cwd: folder,
    onStart: (child) => {
      child.stdout?.on('data', (piece: Buffer) => {
        output += piece.toString();
        if (cut?.test(output) === true) child.kill('SIGKILL');
      });
    },
  });
}

async function get<T>(base: string, path: string, token: string): Promise<T> {
  const headers = { authorization: `Bearer ${sandbox.env[token]}` };
  return (await (await fetch(`${sandbox.env[base]}${path}`, { headers })).json()) as T;
}

it.each([
  ['index-book', 'step-started'],
  ['create-space', 'step-started'],
  ['upload-server', 'step-started'],
  ['set-frontend-variable', 'step-started'],
  ['redeploy-frontend', 'step-started'],
])(
  'after a kill at %s (%s) the next run completes the deployment',
  async (step, type) => {
    const flags = hosting.flags(`cut-${step}`);
    const space = hosting.place(`cut-${step}`);
    const first = await run(['--yes', ...flags], new RegExp(`"${type}"[^\\n]*"step":"${step}"`));
    expect(first.code).toBeNull();
    const second = await run(['--yes', ...flags]);
    expect(second.events.at(-1), second.stdout.slice(-800)).toMatchObject({
      ok: true,
      deployment: { space, health: 'healthy' },
    });
    if (hosting.isSpace) {
      const spaces = await get<{ id: string }[]>('HF_ENDPOINT', '/api/spaces?author=ana', 'HF_TOKEN');
      expect(spaces.filter(({ id }) => id === space)).toHaveLength(1);
    }
    const { envs } = await get<{ envs: { key: string }[] }>(
      'VERCEL_API_URL',
      '/v10/projects/sample-book/env',
      'VERCEL_TOKEN',
    );
    expect(envs.filter(({ key }) => key === 'REACT_APP_API_BASE_URL')).toHaveLength(1);
    const plan = await run(['plan', '--yes', '--detailed-exit-code', ...flags]);
    expect(plan.code, plan.stdout).toBe(0);
  },
  180_000,
);
