/** Runs a workflow's jobs as GitHub's runner does: a fresh folder, a checkout, one shell per step. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export type Step = {
  name?: string;
  uses?: string;
  with?: Record<string, string | number | boolean>;
  run?: string;
  env?: Record<string, string>;
  'working-directory'?: string;
};
export type Job = { if: string; steps: Step[] };

export type StepRun = { name: string; code: number | null; output: string; env: Record<string, string> };
export type JobRun = { steps: StepRun[]; summary: string; workspace: string };

export type Runner = {
  /** Where fresh folders are made. */
  folder: string;
  /** The repository that is checked out. */
  repository: string;
  /** What every step has, besides its own. */
  env: Record<string, string>;
  /** Values of `${{ … }}`. */
  expressions: Record<string, string>;
};

/** A folder with programs of these names, to be first on PATH. */
export function programs(folder: string, scripts: Record<string, string>): string {
  const bin = mkdtempSync(join(folder, 'bin-'));
  for (const [name, text] of Object.entries(scripts)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  return bin;
}

/** Runs the steps until one fails. */
export function runJob(job: Job, runner: Runner): JobRun {
  const temp = mkdtempSync(join(runner.folder, 'runner-'));
  const workspace = join(temp, 'workspace');
  mkdirSync(workspace);
  const summary = join(temp, 'summary.md');
  writeFileSync(summary, '');
  const steps: StepRun[] = [];
  for (const step of job.steps) {
    if (step.uses?.startsWith('actions/checkout@')) checkOut(step, { workspace, runner });
    if (step.run === undefined) continue;
    const env: Record<string, string> = {
      ...runner.env,
      HOME: temp,
      RUNNER_TEMP: temp,
      GITHUB_STEP_SUMMARY: summary,
    };
    for (const [name, value] of Object.entries(step.env ?? {})) env[name] = expand(value, runner);
    const { status, stdout, stderr } = spawnSync(
      'bash',
      ['--noprofile', '--norc', '-e', '-o', 'pipefail', '-c', expand(step.run, runner)],
      { cwd: join(workspace, step['working-directory'] ?? ''), env, encoding: 'utf8' },
    );
    steps.push({ name: step.name ?? step.run, code: status, output: stdout + stderr, env });
    if (status !== 0) break;
  }
  return { steps, summary: readFileSync(summary, 'utf8'), workspace };
}

function checkOut(step: Step, { workspace, runner }: { workspace: string; runner: Runner }): void {
  const target = join(workspace, String(step.with?.['path'] ?? '.'));
  const ref = expand(String(step.with?.['ref'] ?? 'HEAD'), runner);
  execFileSync('git', ['clone', '--quiet', runner.repository, existsSync(target) ? '.' : target], {
    cwd: existsSync(target) ? target : workspace,
  });
  const head =
    ref === 'HEAD'
      ? execFileSync('git', ['rev-parse', 'HEAD'], { cwd: runner.repository, encoding: 'utf8' }).trim()
      : ref;
  execFileSync('git', ['checkout', '--quiet', '--detach', head], { cwd: target });
}

function expand(text: string, { expressions }: Runner): string {
  return text.replaceAll(/\$\{\{\s*(.+?)\s*\}\}/g, (_, name: string) => {
    const value = expressions[name];
    if (value === undefined) throw new Error(`The test knows no value of ${name}.`);
    return value;
  });
}

export type GitlabJob = {
  script: string[];
  variables?: Record<string, string>;
  artifacts?: { paths: string[] };
};

/** Runs a job's lines as GitLab's runner does: in a shallow clone, all in one shell. */
export function runGitlabJob(
  { script, variables = {}, artifacts }: GitlabJob,
  { folder, repository, env }: Omit<Runner, 'expressions'>,
): { code: number | null; output: string; artifacts: string[] } {
  const home = mkdtempSync(join(folder, 'gitlab-'));
  const workspace = join(home, 'workspace');
  execFileSync('git', ['clone', '--quiet', '--depth', '1', `file://${repository}`, workspace]);
  const { status, stdout, stderr } = spawnSync(
    'bash',
    ['--noprofile', '--norc', '-e', '-o', 'pipefail', '-c', script.join('\n')],
    { cwd: workspace, env: { ...env, HOME: home, ...variables }, encoding: 'utf8' },
  );
  const kept = status === 0 ? (artifacts?.paths ?? []) : [];
  return {
    code: status,
    output: stdout + stderr,
    artifacts: kept.map((path) => readFileSync(join(workspace, path), 'utf8')),
  };
}
