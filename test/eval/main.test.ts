import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'eval-command-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const { GEMINI_API_KEY: _, ...env } = process.env;
  return new Promise((resolve) => {
    execFile(process.execPath, ['eval/run.mjs', ...args], { env }, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
  });
}

it('prints the table of another set with --data FILE', async () => {
  const file = join(dir, 'set.json');
  const set = {
    name: 'Two texts',
    documents: [
      { id: 'a', heading: ['Guide', 'Install'], text: 'Run the installer.' },
      { id: 'b', text: 'Remove everything with one click.' },
    ],
    questions: [{ id: '1', question: 'How do I install it?', relevant: ['a'], half: 'held-out' }],
  };
  await writeFile(file, JSON.stringify(set));
  const { code, stdout, stderr } = await run('--data', file, '--model', 'small');
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toContain('Two texts: 2 sections, 75 questions');
  expect(stdout).toMatch(/^ +R@1 +R@3 .*MRR +false refusals/m);
  expect(stdout).toMatch(/^words alone +1\.000 +1\.000/m);
});

it('names the models that there are', { timeout: 60_000 }, async () => {
  const { code, stderr } = await run('--model', 'other');
  expect([code, stderr]).toEqual([2, '--model takes one of: gemini, realistic, small, sandbox, none.\n']);
});

it('reports an invalid file in one sentence, without a stack trace', async () => {
  await writeFile(join(dir, 'broken.json'), '{"name":');
  await writeFile(join(dir, 'other.json'), '{"name":"x"}');
  const ends = [];
  for (const name of ['none.json', 'broken.json', 'other.json'])
    ends.push(await run('--data', join(dir, name)));
  expect(ends.map(({ code }) => code)).toEqual([2, 2, 2]);
  expect(ends.map(({ stderr }) => stderr.replaceAll(dir, 'DIR'))).toEqual([
    expect.stringMatching(/^The file DIR\/none\.json could not be read/),
    expect.stringMatching(/^DIR\/broken\.json is not valid JSON/),
    expect.stringMatching(/^DIR\/other\.json is not a set of questions:/),
  ]);
  for (const { stderr } of ends) expect(stderr).not.toMatch(/^\s+at /m);
});
