import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { Reply } from '../../../wizard/model/question.ts';
import { Failure } from '../../../wizard/model/failure.ts';
import { offerProjectFile } from '../../../wizard/project-file/offer-project-file.ts';
import { projectFileSchema } from '../../../wizard/project-file/project-file.ts';
import { settingNames, settingsOfCommand } from '../../../wizard/project-file/settings.ts';
import { withProjectFile } from '../../../wizard/project-file/with-project-file.ts';
import type { CommandName } from '../../../wizard/model/command.ts';
import { choose, sessionWith } from '../interview/scripted-session.ts';

const top = mkdtempSync(join(tmpdir(), 'project-file-'));
afterAll(() => rmSync(top, { recursive: true, force: true }));

let count = 0;
let repository: string;
let stateDir: string;
beforeEach(() => {
  repository = join(top, `repository-${(count += 1)}`);
  stateDir = join(top, `state-${count}`);
  mkdirSync(join(repository, '.git'), { recursive: true });
  mkdirSync(join(repository, 'book/docs'), { recursive: true });
});

const targets = { version: 1, space: 'ana/book-chat', vercelProject: 'book', collection: 'my-book' };

function put(content: unknown, at = 'rag-space.json'): void {
  writeFileSync(join(repository, at), typeof content === 'string' ? content : JSON.stringify(content));
}

type RunOptions = { argv?: string[]; replies?: Reply[] | null; env?: Record<string, string>; cwd?: string };

/** The command's flags and environment with the file; a Failure where it ends the run. */
async function run(command: CommandName, options: RunOptions = {}) {
  const { argv = [], replies = null, env = {}, cwd = 'book' } = options;
  const { session, prompts, notices } = sessionWith(replies, { cwd: join(repository, cwd), argv });
  const own = { ...session, runtime: { ...session.runtime, env, stateDir } };
  try {
    const { flags, runtime } = await withProjectFile(own, command);
    return { flags, env: runtime.env, prompts, notices, failure: null };
  } catch (failure) {
    if (!(failure instanceof Failure)) throw failure;
    return { flags: own.flags, env: runtime0, prompts, notices, failure };
  }
}
const runtime0: Readonly<Record<string, string | undefined>> = {};

describe('rag-space.json', () => {
  it('is found above the folder, and confirmed once on a machine, before anything else', async () => {
    put({ ...targets, docs: 'book', retentionDays: 30, dailyBudget: 200 });
    const first = await run('deploy', { replies: [choose('yes')] });
    expect(first.prompts).toMatchObject([{ type: 'choice', title: 'Use what rag-space.json names?' }]);
    const lines = 'lines' in (first.prompts[0] ?? {}) ? Reflect.get(first.prompts[0] ?? {}, 'lines') : [];
    expect(lines).toEqual([
      'Space              ana/book-chat',
      'Book’s project     book',
      'Collection         my-book',
      // A budget below the usual one raises nothing; a retention deletes.
      'Days kept          30',
      'Your keys are used there, and at their own vendors only.',
    ]);
    expect(first.env).toEqual({
      HF_SPACE: 'ana/book-chat',
      VERCEL_PROJECT: 'book',
      QDRANT_COLLECTION: 'my-book',
      DOCS_DIR: join(repository, 'book'),
      CHAT_DAILY_BUDGET: '200',
      CHAT_RETENTION_DAYS: '30',
    });
    const again = await run('deploy', { replies: [] });
    expect([again.failure, again.prompts, again.env]).toEqual([null, [], first.env]);
  });

  it('asks again for another target, and where it is declined leaves all of it out', async () => {
    put(targets);
    await run('deploy', { replies: [choose('yes')] });
    put({ ...targets, space: 'mallory/book-chat' });
    const declined = await run('deploy', { replies: [choose('no')] });
    expect([declined.prompts.length, declined.env]).toEqual([1, {}]);
    expect((await run('deploy', { replies: [choose('no')] })).prompts).toHaveLength(1);
  });

  it('where no one can be asked, ends the run until the targets are named, and uses no raised limit', async () => {
    put({ ...targets, hosting: 'space', dailyBudget: 0, perMinute: 900, retentionDays: 1 });
    const { failure } = await run('deploy', { argv: ['--yes'] });
    expect(failure).toMatchObject({ kind: 'input-missing', code: 'input-missing' });
    expect(failure?.remedy).toContain(
      '--space ana/book-chat --vercel-project book QDRANT_COLLECTION=my-book',
    );
    const argv = ['--yes', '--space', 'ana/book-chat', '--vercel-project', 'book'];
    const accepted = await run('deploy', { argv, env: { QDRANT_COLLECTION: 'my-book' } });
    expect([accepted.failure, accepted.env]).toEqual([null, { QDRANT_COLLECTION: 'my-book' }]);
    expect(accepted.notices.map((text) => /CHAT_\w+=\d+/.exec(text)?.[0])).toEqual([
      'CHAT_DAILY_BUDGET=0',
      'CHAT_PER_MINUTE=900',
      'CHAT_RETENTION_DAYS=1',
    ]);
    expect((await run('deploy', { argv: argv.slice(0, 3) })).failure).toMatchObject({
      kind: 'input-missing',
    });
  });

  it('comes after flags and the environment, and leaves nothing of a server that is named otherwise', async () => {
    put({ version: 1, hosting: 'vercel', hostingProject: 'chat', hostingTeam: 'team', dailyBudget: 10 });
    const other = await run('deploy', {
      argv: ['--yes', '--space', 'ana/mine'],
      env: { CHAT_DAILY_BUDGET: '5' },
    });
    expect([other.flags.hosting, other.flags.hostingProject]).toEqual([null, null]);
    expect(other.env).toEqual({ CHAT_DAILY_BUDGET: '5' });
    const same = await run('deploy', { argv: ['--hosting', 'vercel'], replies: [choose('yes')] });
    expect(same.flags).toMatchObject({ hosting: 'vercel', hostingProject: 'chat', hostingTeam: 'team' });
    const elsewhere = await run('deploy', { argv: ['--yes', '--api-url', 'https://chat.example.org'] });
    expect([elsewhere.failure, elsewhere.flags.hosting]).toEqual([null, null]);
  });

  it('gives each command what that command uses', async () => {
    put({ ...targets, docs: 'book' });
    expect((await run('index', { replies: [choose('yes')] })).env).toEqual({
      QDRANT_COLLECTION: 'my-book',
      DOCS_DIR: join(repository, 'book'),
    });
    expect((await run('insights', { argv: [] })).env).toEqual({ DOCS_DIR: join(repository, 'book') });
    expect((await run('forget')).env).toEqual({});
    const used = new Set(Object.values(settingsOfCommand).flat());
    expect([...used].toSorted()).toEqual(settingNames.toSorted());
  });

  const secret = 'AIza' + 'x'.repeat(35);
  it.each([
    ['a vendor’s address', { ...targets, HF_ENDPOINT: 'https://evil.example' }, 'has no setting HF_ENDPOINT'],
    ['a database', { ...targets, databaseUrl: 'postgres://evil.example/x' }, 'has no setting databaseUrl'],
    ['a key', { ...targets, GEMINI_API_KEY: secret }, 'has no setting GEMINI_API_KEY'],
    ['an address as a Space', { ...targets, space: 'https://evil.example/x' }, 'space: is not OWNER/NAME'],
    ['a site as the book', { ...targets, docs: 'https://evil.example/' }, 'docs: is no folder'],
    ['a folder above', { ...targets, docs: 'book/../../other' }, 'docs: is no folder'],
    ['an absolute folder', { ...targets, frontend: '/etc' }, 'frontend: is no folder'],
    ['a home folder', { ...targets, docs: '~/.ssh' }, 'docs: is no folder'],
    ['a path as a collection', { ...targets, collection: '../other' }, 'collection: is no name'],
    ['a list', [targets], 'no list of settings'],
    ['an object as a Space', { ...targets, space: { owner: 'ana' } }, 'space: '],
    ['a number as text', { ...targets, dailyBudget: '300' }, 'dailyBudget: '],
    ['a negative number', { ...targets, retentionDays: -1 }, 'retentionDays: '],
    ['another version', { ...targets, version: 2 }, 'version: '],
    ['a terminal’s code', { ...targets, '\u001B]0;x\u0007': 1 }, 'has no setting ??0?x?'],
    ['no JSON', '{"version": 1,', 'it is not JSON'],
    ['deep nesting', '['.repeat(30_000), 'it is not JSON'],
    ['too much', `{"version":1}${' '.repeat(70_000)}`, 'larger than 64 kB'],
  ])('ends a run before any key is used where it holds %s', async (_, content, reason) => {
    put(content);
    for (const command of ['deploy', 'index', 'rotate', 'status'] as const) {
      const { failure, prompts } = await run(command, { replies: [] });
      expect([failure?.code, failure?.kind, prompts]).toEqual(['project-file', 'usage', []]);
      expect(failure?.message).toContain(reason);
      expect(failure?.message).not.toContain(secret);
    }
  });

  it('is no link, and names no folder that a link leads to outside of the repository', async () => {
    writeFileSync(join(top, 'elsewhere.json'), JSON.stringify(targets));
    symlinkSync(join(top, 'elsewhere.json'), join(repository, 'rag-space.json'));
    expect((await run('deploy', { replies: [] })).failure).toMatchObject({ code: 'project-file' });
    rmSync(join(repository, 'rag-space.json'));
    symlinkSync(top, join(repository, 'outside'));
    put({ ...targets, docs: 'outside' });
    expect((await run('deploy', { replies: [] })).failure?.message).toContain('outside of the repository');
  });

  it('is not read from a folder above the repository, nor in a rehearsal', async () => {
    writeFileSync(join(top, 'rag-space.json'), JSON.stringify(targets));
    expect((await run('deploy')).env).toEqual({});
    rmSync(join(top, 'rag-space.json'));
    put(targets);
    const { session } = sessionWith(null, { cwd: repository, rehearsal: true });
    expect(await withProjectFile(session, 'deploy')).toBe(session);
  });

  it('has a schema for editors that says the same', () => {
    const shipped = new URL('../../../wizard/project-file/rag-space.schema.json', import.meta.url);
    expect(JSON.parse(readFileSync(shipped, 'utf8'))).toEqual(z.toJSONSchema(projectFileSchema));
  });
});

describe('the offer at the end of a run', () => {
  const kept = { hosting: 'space', space: 'ana/book-chat', collection: 'book', dailyBudget: 300 } as const;
  const offer = async (replies: Reply[] | null, argv: string[] = []) => {
    const { session, prompts, notices } = sessionWith(replies, { cwd: join(repository, 'book'), argv });
    const own = { ...session, runtime: { ...session.runtime, stateDir } };
    await offerProjectFile(own, {
      ...kept,
      docs: join(repository, 'book'),
      frontend: join(top, 'elsewhere'),
    });
    return { prompts, notices };
  };
  const written = (): unknown => JSON.parse(readFileSync(join(repository, 'rag-space.json'), 'utf8'));

  it('shows the file, writes it when accepted, and then asks nothing on this machine', async () => {
    const { prompts } = await offer([choose('yes')]);
    expect(JSON.stringify(prompts)).toContain('ana/book-chat');
    expect(written()).toEqual({ version: 1, ...kept, docs: 'book' });
    expect((await offer([])).prompts).toEqual([]);
    const next = await run('deploy', { replies: [] });
    expect([next.failure, next.env['HF_SPACE']]).toEqual([null, 'ana/book-chat']);
  });

  it('keeps what the user wrote beside the targets, and replaces these as a whole', async () => {
    put({ version: 1, hosting: 'vercel', hostingTeam: 'x', perMinute: 7, $schema: './s.json' });
    await offer([choose('yes')]);
    expect(written()).toEqual({ $schema: './s.json', version: 1, ...kept, docs: 'book', perMinute: 7 });
  });

  it('writes nothing unless it is accepted', async () => {
    for (const replies of [[choose('no')], [{ type: 'cancel' } as const]]) {
      await offer(replies);
      expect(() => written()).toThrow(/ENOENT/);
    }
    await offer(null);
    await offer([], ['--yes']);
    rmSync(join(repository, '.git'), { recursive: true });
    await offer([]);
    expect(() => written()).toThrow(/ENOENT/);
  });
});
