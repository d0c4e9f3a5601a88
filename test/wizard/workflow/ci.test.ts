import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { listChangedSections } from '../../../wizard/commands/book/changed-sections.ts';
import { ci } from '../../../wizard/commands/owner/ci.ts';
import type { Reply } from '../../../wizard/model/question.ts';
import { choose, sessionWith } from '../interview/scripted-session.ts';

const top = mkdtempSync(join(tmpdir(), 'workflow-'));
afterAll(() => rmSync(top, { recursive: true, force: true }));

let count = 0;
let repository: string;
beforeEach(() => {
  repository = join(top, `repository-${(count += 1)}`);
  mkdirSync(join(repository, '.git'), { recursive: true });
  write({
    'site/docusaurus.config.js': "module.exports = { title: 'T', presets: [['classic', {}]] };",
    'site/docs/mast.md': '# The mast\n\nMount it upright.\n',
    'site/package.json': '{"scripts":{"build":"docusaurus build"}}',
    'site/package-lock.json': '{}',
  });
});

function write(files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(repository, path)), { recursive: true });
    writeFileSync(join(repository, path), text);
  }
}

const read = (path: string): string => readFileSync(join(repository, path), 'utf8');
const workflow = '.github/workflows/rag-space.yml';
const target = ['--space', 'ana/book-chat'];

type RunOptions = { cwd?: string; replies?: Reply[]; now?: number; version?: string };

async function run(argv: string[], options: RunOptions = {}): Promise<string[]> {
  const { cwd = '.', replies = null, now = Date.UTC(2026, 10, 28), version = '1.2.3' } = options;
  const { session, notices } = sessionWith(replies, { cwd: join(repository, cwd), argv: ['ci', ...argv] });
  const env = { QDRANT_COLLECTION: 'my-book' };
  await ci({ ...session, runtime: { ...session.runtime, env, version, now: () => now } });
  return notices;
}

type Job = {
  if: string;
  permissions: Record<string, string>;
  steps: { uses?: string; run?: string; env?: Record<string, string> }[];
};
type Workflow = { on: Record<string, unknown>; permissions: unknown; jobs: Record<string, Job> };

describe('ci', () => {
  it('writes a workflow whose jobs have the least rights, and secrets in the indexing one alone', async () => {
    await run([...target, '--yes']);
    const { on, permissions, jobs } = parse(read(workflow)) as Workflow;
    expect(Object.keys(on)).toEqual(['push', 'pull_request', 'schedule']);
    expect(permissions).toEqual({});
    expect(Object.keys(jobs)).toEqual(['index', 'verify', 'changes', 'doctor']);
    for (const [name, job] of Object.entries(jobs)) {
      const secrets = JSON.stringify(job).match(/secrets\.\w+/g) ?? [];
      const wanted = ['secrets.GEMINI_API_KEY', 'secrets.QDRANT_URL', 'secrets.QDRANT_API_KEY'];
      expect(secrets, name).toEqual(name === 'index' ? wanted : []);
      const mayComment = name === 'changes' && { 'pull-requests': 'write' };
      expect(job.permissions, name).toEqual({ contents: 'read', ...mayComment });
      for (const { uses, run: command } of job.steps) {
        if (uses !== undefined) expect(uses).toMatch(/^actions\/[\w-]+@v\d+\.\d+\.\d+$/);
        for (const used of command?.match(/rag-space-setup\S*/g) ?? [])
          expect(used).toBe('rag-space-setup@1.2.3');
        // What a stranger may name is never part of a command.
        expect(command ?? '').not.toContain('${{');
      }
    }
    expect(jobs['index']?.steps.at(-1)?.env).toMatchObject({ DOCS: 'site', QDRANT_COLLECTION: 'my-book' });
    expect(jobs['verify']?.steps.find(({ run: command }) => command?.includes('npm ci'))?.run).toBe(
      'npm ci\nnpm run build\n',
    );
  });

  it('shows the files and the commands for secrets, and keeps when the key named ci expires', async () => {
    const notices = await run(target, { replies: [choose('yes')] });
    expect(
      notices.filter((text) => text.startsWith('---')).map((text) => /\+\+\+ b\/(\S+)/.exec(text)?.[1]),
    ).toEqual([workflow, 'rag-space.json']);
    expect(notices.join('\n')).toMatch(
      / {4}gh secret set QDRANT_API_KEY\n[^]*named ci[^]*expires on 2027-02-26/,
    );
    expect(JSON.parse(read('rag-space.json'))).toEqual({
      version: 1,
      hosting: 'space',
      space: 'ana/book-chat',
      docs: 'site',
      collection: 'my-book',
      ciKeyExpires: '2027-02-26',
    });
  });

  it('is up to date when run again, follows a new version, and renews a date that has passed', async () => {
    await run([...target, '--yes']);
    const first = read(workflow);
    expect((await run([...target, '--yes']))[0]).toBe('Everything is up to date.');
    expect(read(workflow)).toBe(first);
    await run([...target, '--yes'], { version: '2.0.0', now: Date.UTC(2027, 5, 1) });
    expect(read(workflow)).toBe(first.replaceAll('@1.2.3', '@2.0.0'));
    expect(read('rag-space.json')).toContain('"ciKeyExpires": "2027-08-30"');
  });

  it('writes nothing that was declined, over a file of the user, or outside of a repository', async () => {
    await run(target, { replies: [choose('no')] });
    expect(() => read(workflow)).toThrow(/ENOENT/);
    write({ [workflow]: 'name: mine\n' });
    await expect(run([...target, '--yes'])).rejects.toMatchObject({ code: 'workflow-not-ours' });
    expect(read(workflow)).toBe('name: mine\n');
    await expect(run([...target, '--yes', '--docs', top])).rejects.toMatchObject({ kind: 'usage' });
    rmSync(join(repository, '.git'), { recursive: true });
    await expect(run([...target, '--yes'])).rejects.toMatchObject({ code: 'no-repository' });
  });

  it('names a folder in quotes, and refuses one that would be an expression', async () => {
    write({ 'a "b" $(c)/docs/x.md': '# X\n\nText.\n' });
    await run([...target, '--yes', '--docs', 'a "b" $(c)/docs']);
    const { jobs } = parse(read(workflow)) as Workflow;
    expect(jobs['index']?.steps.at(-1)?.env?.['DOCS']).toBe('a "b" $(c)/docs');
    write({ '${{ github.token }}/docs/x.md': '# X\n\nText.\n' });
    await expect(run([...target, '--yes', '--docs', '${{ github.token }}/docs'])).rejects.toMatchObject({
      code: 'workflow-folder',
    });
  });

  it('writes GitLab’s form, included once', async () => {
    const notices = await run([...target, '--yes', '--provider', 'gitlab']);
    expect(read('.gitlab-ci.yml')).toBe('include:\n  - local: .gitlab/rag-space.yml\n');
    const jobs = parse(read('.gitlab/rag-space.yml')) as Record<string, { script: string[] }>;
    expect(Object.keys(jobs)).toEqual(
      ['index', 'verify', 'changes', 'doctor'].map((name) => `rag-space-${name}`),
    );
    expect(notices.join('\n')).toContain('glab variable set GEMINI_API_KEY --masked --protected');
    write({ '.gitlab-ci.yml': 'stages: [mine]\n' });
    expect((await run([...target, '--yes'])).join('\n')).toContain('Add this to .gitlab-ci.yml:');
    expect(read('.gitlab-ci.yml')).toBe('stages: [mine]\n');
  });
});

describe('index --changes-from', () => {
  /** Long enough for a section of its own. */
  const long = (text: string): string => `${text} `.repeat(80);
  const page = (text: string): string =>
    `# The mast\n\n${long(text)}\n\n## Guy ropes\n\n${long('Three of them.')}\n`;
  const changesOf = async (
    before: string,
    after: string,
  ): Promise<{ notices: string[]; comment: string }> => {
    write({ 'base/docs/mast.md': before, 'head/docs/mast.md': after });
    const argv = ['index', '--changes-from', 'base/docs', '--markdown', 'out.md', '--docs', 'head/docs'];
    const { session, notices } = sessionWith(null, { cwd: repository, argv });
    await listChangedSections(session, 'base/docs');
    return { notices, comment: read('out.md') };
  };

  it('lists what indexing would embed and delete, and nothing that stays', async () => {
    const { notices, comment } = await changesOf(
      page('Old.'),
      `${page('New.')}\n## Paint\n\n${long('White.')}\n`,
    );
    expect(notices).toEqual(['Sections of the book: 1 new, 1 changed; 1 kept. Indexing embeds 2.']);
    expect(comment).toMatch(/\| changed \| `The mast` \| `mast.md` \|\n/);
    expect(comment).toContain('| new | `The mast › Paint` | `mast.md` |');
    expect((await changesOf(page('Same.'), page('Same.'))).notices).toEqual([
      'No section of the book changes; it has 2.',
    ]);
  });

  it('cannot be used to mention, link or break out of the comment’s table', async () => {
    const heading = '`@ana` | <img src=x> [x](https://evil.example)';
    const { comment } = await changesOf(page('T.'), `${page('T.')}\n## ${heading}\n\n${long('Text.')}\n`);
    const row = comment.split('\n').find((text) => text.startsWith('| new')) ?? '';
    expect(row.split('`')).toHaveLength(5);
    expect(row.split('|')).toHaveLength(5);
  });

  it('counts a whole book as new where there was none', async () => {
    mkdirSync(join(repository, 'nothing'));
    write({ 'head/docs/mast.md': page('A.') });
    const { session, notices } = sessionWith(null, {
      cwd: repository,
      argv: ['index', '--docs', 'head/docs'],
    });
    await listChangedSections(session, 'nothing');
    expect(notices).toEqual(['Sections of the book: 2 new; 0 kept. Indexing embeds 2.']);
  });
});
