/** The workflow that `ci` writes: linted, and each of its commands run in a clean folder against the stand-ins. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { version } from '../../server/version.ts';
import { runWizard, startSandbox, wizardEntry, type SandboxProcess } from '../e2e/sandbox-process.ts';
import {
  programs,
  runGitlabJob,
  runJob,
  type GitlabJob,
  type Job,
  type JobRun,
  type Runner,
} from './runner.ts';

const workflow = '.github/workflows/rag-space.yml';
const space = 'ana/workflow-chat';
const indexSecrets = ['GEMINI_API_KEY', 'QDRANT_URL', 'QDRANT_API_KEY'];
const secretNames = ['HF_TOKEN', 'VERCEL_TOKEN', ...indexSecrets, 'DATABASE_URL', 'NEON_API_KEY'];

let sandbox: SandboxProcess;
let folder: string;
let repository: string;
let base: string;
let jobs: Record<string, Job>;
let gitlabJobs: Record<string, GitlabJob>;

const long = (text: string): string => `${text} `.repeat(60);
const html = (title: string, text: string): string =>
  `<main><article><h1>${title}</h1><p>${text}</p></article></main>`;
const site = {
  'docusaurus.config.js': "module.exports = { title: 'Weather', baseUrl: '/', presets: [['classic', {}]] };",
  'docs/mast.md': `# The mast\n\n${long('Mount the mast upright.')}\n`,
  'package.json': '{"name":"book","version":"1.0.0","scripts":{"build":"node build.cjs"}}',
  'package-lock.json':
    '{"name":"book","version":"1.0.0","lockfileVersion":3,"packages":{"":{"name":"book","version":"1.0.0"}}}',
  // Stands in for Docusaurus: its pages have the words of the sources.
  'build.cjs': `const fs = require('fs');
    for (const name of fs.readdirSync('docs')) {
      const [, title, text] = /^# (.*)\\n\\n([^]*)$/.exec(fs.readFileSync('docs/' + name, 'utf8'));
      fs.mkdirSync('build/docs/' + name.replace('.md', ''), { recursive: true });
      fs.writeFileSync('build/docs/' + name.replace('.md', '') + '/index.html',
        \`${html('${title}', '${text}')}\`);
    }`,
};

function write(files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(repository, path)), { recursive: true });
    writeFileSync(join(repository, path), text);
  }
}

const git = (...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=T', '-c', 'user.email=t@example.org', ...args], {
    cwd: repository,
    encoding: 'utf8',
  }).trim();

function commit(): string {
  git('add', '--all');
  git('commit', '--quiet', '--message', 'A commit');
  return git('rev-parse', 'HEAD');
}

beforeAll(async () => {
  sandbox = await startSandbox();
  folder = mkdtempSync(join(tmpdir(), 'workflow-lane-'));
  repository = join(folder, 'repository');
  mkdirSync(repository);
  git('init', '--quiet', '--initial-branch', 'main');
  write(site);
  const env = { ...sandbox.env, DOCS_DIR: repository, XDG_STATE_HOME: join(folder, 'state') };
  const deployed = await runWizard({
    args: ['--yes', '--json', '--space', space, '--no-frontend'],
    env,
    cwd: repository,
  });
  expect(deployed.events.at(-1), deployed.stdout.slice(-1500)).toMatchObject({ ok: true });
  for (const provider of ['github', 'gitlab']) {
    const args = ['ci', '--yes', '--space', space, '--provider', provider, '--json'];
    const written = await runWizard({ args, env, cwd: repository });
    expect(written.code, written.stdout).toBe(0);
  }
  const read = (path: string): unknown => parse(readFileSync(join(repository, path), 'utf8'));
  jobs = (read(workflow) as { jobs: Record<string, Job> }).jobs;
  gitlabJobs = read('.gitlab/rag-space.yml') as Record<string, GitlabJob>;
  // As GitLab does, and GitHub for its own checkout.
  git('config', 'uploadpack.allowAnySHA1InWant', 'true');
  base = commit();
  write({ 'docs/ropes.md': `# Guy ropes\n\n${long('Three ropes hold it.')}\n` });
  commit();
}, 300_000);
afterAll(async () => {
  await sandbox?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** What a runner has: no secret, and the sandbox's addresses in place of the vendors'. */
function runnerWith(gh: string): Omit<Runner, 'expressions'> {
  const npx = `[ "$1" = --yes ] && [ "$2" = "rag-space-setup@${version}" ] || exit 64
shift 2; exec "${process.execPath}" "${wizardEntry}" "$@"`;
  const bin = programs(folder, { npx, gh: `echo "gh $*" >> "$RUNNER_TEMP/gh.log"\n${gh}` });
  const addresses = Object.entries(sandbox.env).filter(
    ([key]) => !secretNames.includes(key) && !['DOCS_DIR', 'VERCEL_PROJECT', 'HF_SPACE'].includes(key),
  );
  const env = { PATH: `${bin}:${process.env['PATH'] ?? ''}`, ...Object.fromEntries(addresses) };
  return { folder, repository, env };
}

/** A job in a clean folder; `gh` is recorded, and may be refused as for a fork. */
function run(
  name: string,
  { gh = 'exit 0', expressions = {} }: { gh?: string; expressions?: Record<string, string> } = {},
): JobRun {
  const job = jobs[name];
  if (job === undefined) throw new Error(`no job ${name}`);
  return runJob(job, { ...runnerWith(gh), expressions });
}

/** A job of the pipeline, with the variables that GitLab gives it. */
function runInGitlab(name: string, variables: Record<string, string> = {}) {
  const job = gitlabJobs[name];
  if (job === undefined) throw new Error(`no job ${name}`);
  const { env, ...runner } = runnerWith('exit 64');
  return runGitlabJob(job, { ...runner, env: { ...env, ...variables } });
}

const failed = ({ steps }: JobRun): string[] =>
  steps.filter(({ code }) => code !== 0).map(({ name, output }) => `${name}: ${output.slice(-1500)}`);

const actionlint = process.env['ACTIONLINT'] ?? '';

describe('the pipeline for GitLab', () => {
  it('has a job for each of the workflow’s', () => {
    expect(Object.keys(gitlabJobs)).toEqual(Object.keys(jobs).map((name) => `rag-space-${name}`));
  });

  it('compares, lists what a merge request changes and checks the server, without a secret', () => {
    const verified = runInGitlab('rag-space-verify');
    expect([verified.code, verified.output]).toEqual([0, expect.stringContaining('All 2 pages')]);
    const changes = runInGitlab('rag-space-changes', { CI_MERGE_REQUEST_DIFF_BASE_SHA: base });
    expect([changes.code, changes.output]).toEqual([0, expect.stringContaining('1 new')]);
    expect(changes.artifacts).toEqual([expect.stringContaining('| new | `Guy ropes` | `docs/ropes.md` |')]);
    expect(changes.artifacts[0]).not.toContain('The mast');
    const doctor = runInGitlab('rag-space-doctor');
    expect([doctor.code, doctor.output]).toEqual([0, expect.any(String)]);
  });

  it('does not index without one of its secrets, and names it', () => {
    const secrets = Object.fromEntries(indexSecrets.map((name) => [name, sandbox.env[name] ?? '']));
    const unset = runInGitlab('rag-space-index', { ...secrets, GEMINI_API_KEY: '' });
    expect([unset.code, unset.output]).toEqual([12, expect.stringContaining('GEMINI_API_KEY')]);
  });
});

describe('the workflow', () => {
  it.skipIf(actionlint === '')('is accepted by actionlint, which finds a mistake', () => {
    const lint = () =>
      spawnSync(process.execPath, [resolve(actionlint), '.github/workflows/*.yml'], {
        cwd: repository,
        encoding: 'utf8',
      });
    const result = lint();
    expect(result.status, result.stdout + result.stderr).toBe(0);
    const text = readFileSync(join(repository, workflow), 'utf8');
    writeFileSync(join(repository, workflow), text.replace('runs-on:', 'runs-in:'));
    expect(lint().status).not.toBe(0);
    writeFileSync(join(repository, workflow), text);
  });

  it('indexes what was pushed with its three secrets, and nothing when run again', async () => {
    const expressions = Object.fromEntries(
      indexSecrets.map((name) => [`secrets.${name}`, sandbox.env[name] ?? '']),
    );
    const first = run('index', { expressions });
    expect(failed(first)).toEqual([]);
    expect(first.steps.at(-1)?.output).toMatch(/1 new/);
    const before = await sandbox.writes();
    expect(failed(run('index', { expressions }))).toEqual([]);
    expect(await sandbox.writes()).toEqual(before);
  });

  it('builds the site and compares it, without a secret', () => {
    const result = run('verify');
    expect(failed(result)).toEqual([]);
    expect(result.steps).toHaveLength(2);
    expect(result.steps.at(-1)?.output).toContain('All 2 pages');
  });

  it('comments what a pull request changes, without a secret of ours, and says where it may not', () => {
    const expressions = {
      'github.event.pull_request.base.sha': base,
      'github.token': 'job-token',
      'github.event.pull_request.number': '7',
      'github.repository': 'ana/book',
    };
    const result = run('changes', { expressions });
    expect(failed(result)).toEqual([]);
    expect(result.summary).toContain('| new | `Guy ropes` | `docs/ropes.md` |');
    expect(result.summary).not.toContain('The mast');
    const temp = dirname(result.workspace);
    const calls = readFileSync(join(temp, 'gh.log'), 'utf8');
    expect(calls).toBe(
      `gh pr comment 7 --repo ana/book --edit-last --create-if-none --body-file ${temp}/changes.md\n`,
    );
    const secrets = secretNames.flatMap((name) => sandbox.env[name] ?? []);
    for (const { env } of result.steps)
      expect(Object.values(env).filter((value) => secrets.includes(value))).toEqual([]);
    const fork = run('changes', { gh: 'exit 1', expressions });
    expect(failed(fork)).toEqual([]);
    expect(fork.steps.at(-1)?.output).toContain('::notice::The token of a pull request from a fork');
  });

  it('checks the server daily without a secret, and fails where something is wrong', () => {
    expect(failed(run('doctor'))).toEqual([]);
    const file = readFileSync(join(repository, 'rag-space.json'), 'utf8');
    write({ 'rag-space.json': file.replace(/"ciKeyExpires": "[^"]+"/, '"ciKeyExpires": "2026-01-01"') });
    commit();
    const [step] = run('doctor').steps;
    expect([step?.code, step?.output]).toEqual([
      1,
      expect.stringContaining('The Qdrant key named ci has expired'),
    ]);
  });
});
