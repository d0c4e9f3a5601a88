/** What all tests of the lane share: the sandbox, the two builds, and how a build is run. */
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { startSandbox, type SandboxProcess, type WizardEvent } from '../e2e/sandbox-process.ts';

/** One build of this repository, by its folder. */
export type Build = { name: 'earlier' | 'present'; folder: string };

export const presentBuild: Build = {
  name: 'present',
  folder: fileURLToPath(new URL('../../', import.meta.url)),
};

/** Made by `run-upgrade.mjs`, which names its folder. */
export const earlierBuild: Build = { name: 'earlier', folder: process.env['UPGRADE_FROM'] ?? '' };

export const wizardOf = ({ folder }: Build): string => join(folder, 'dist/wizard/main.js');

export type Lane = { sandbox: SandboxProcess; folder: string; close(): Promise<void> };

export async function startLane(): Promise<Lane> {
  const sandbox = await startSandbox();
  const folder = mkdtempSync(join(tmpdir(), 'upgrade-test-'));
  // Builds of the sandbox's Vercel and PostgreSQL may run as another user, who must get through.
  chmodSync(folder, 0o755);
  return {
    sandbox,
    folder,
    close: async () => {
      await sandbox.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export type Run = { code: number | null; events: WizardEvent[]; output: string };

/** Runs a build's wizard without a terminal, to its end. */
export async function runBuild(
  build: Build,
  { args, env, cwd }: { args: readonly string[]; env: Record<string, string>; cwd: string },
): Promise<Run> {
  const child = spawn(process.execPath, [wizardOf(build), ...args, '--yes', '--json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'] ?? '', HOME: cwd, ...env },
    cwd,
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (piece: Buffer) => (stdout += piece.toString()));
  child.stderr.on('data', (piece: Buffer) => (stderr += piece.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
  return { code, events: lines.map((line) => JSON.parse(line) as WizardEvent), output: stdout + stderr };
}

/** Runs SQL at a database of the sandbox's PostgreSQL. */
export async function sql(databaseUrl: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return (await client.query(text)).rows as Record<string, unknown>[];
  } finally {
    await client.end();
  }
}
