/** What the Hub's Python client relies on (huggingface_hub 2.4.0: hf_api.py, _commit_api.py). */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestHub, type TestHub } from './test-hub.ts';

let test: TestHub;
beforeAll(async () => {
  test = await startTestHub();
  await test.request('POST', '/api/repos/create', { body: { type: 'space', name: 'rules', sdk: 'static' } });
});
afterAll(() => test.close());

const space = '/api/spaces/ana/rules';
const readme = (line: string): string => `---\ntitle: Rules\nsdk: static\n${line}\n---\n`;

function commitFile(path: string, content: string, query = '') {
  const lines = [
    { key: 'header', value: { summary: 'Change' } },
    { key: 'file', value: { path, content: Buffer.from(content).toString('base64'), encoding: 'base64' } },
  ];
  const body = lines.map((line) => JSON.stringify(line)).join('\n');
  return test.request('POST', `${space}/commit/main${query}`, { body });
}

it.each([
  ['colorFrom: violet', '"colorFrom" must be one of [red, yellow, green, blue, indigo, purple, pink, gray]'],
  [
    `short_description: ${'x'.repeat(61)}`,
    '"short_description" length must be less than or equal to 60 characters long',
  ],
  ['title: "open', 'Invalid YAML'],
])('refuses a README with %s, before the upload and at the commit', async (line, words) => {
  const body = { content: readme(line), repoType: 'space' };
  const answer = await test.request('POST', '/api/validate-yaml', { body });
  expect(answer.status).toBe(400);
  expect(JSON.stringify(answer.body)).toContain(JSON.stringify(words).slice(1, -1));
  const refused = await commitFile('README.md', readme(line));
  expect(refused).toMatchObject({ status: 400, body: { error: expect.stringContaining(words) } });
});

it('accepts our own README', async () => {
  const content = readFileSync('huggingface-spaces/README.md', 'utf8').replaceAll(/\{\{\w+\}\}/g, 'Book');
  const answer = await test.request('POST', '/api/validate-yaml', { body: { content, repoType: 'space' } });
  expect(answer).toMatchObject({ status: 200, body: { errors: [], warnings: [] } });
});

it('commits nothing to main when a pull request is asked for', async () => {
  const before = await test.request('GET', `${space}/commits/main`);
  expect((await commitFile('a.txt', 'a', '?create_pr=1')).status).toBe(403);
  expect((await test.request('GET', `${space}/commits/main`)).body).toEqual(before.body);
});

it('describes paths that are asked for by form', async () => {
  await commitFile('b.txt', 'b');
  const response = await fetch(`${test.hub.url}${space}/paths-info/main`, {
    method: 'POST',
    headers: { authorization: `Bearer ${test.hub.tokens.pro}` },
    body: new URLSearchParams([
      ['paths', 'b.txt'],
      ['paths', 'README.md'],
      ['expand', 'True'],
    ]),
  });
  const entries = (await response.json()) as { path: string; lastCommit?: object }[];
  expect(entries.map(({ path }) => path)).toContain('b.txt');
  expect(entries.every(({ lastCommit }) => lastCommit !== undefined)).toBe(true);
});

it('names an LFS file by its SHA-256 when it is to be uploaded again', async () => {
  const content = Buffer.from('large');
  const oid = createHash('sha256').update(content).digest('hex');
  const objects = [{ oid, size: content.length }];
  const batch = await test.request('POST', '/spaces/ana/rules.git/info/lfs/objects/batch', {
    body: { operation: 'upload', transfers: ['basic'], hash_algo: 'sha_256', objects },
  });
  const [object] = (batch.body as { objects: { actions?: { upload: { href: string } } }[] }).objects;
  await fetch(object?.actions?.upload.href ?? '', { method: 'PUT', body: content });
  const lines = [
    { key: 'header', value: { summary: 'Large' } },
    { key: 'lfsFile', value: { path: 'l.bin', algo: 'sha256', oid, size: content.length } },
  ];
  const body = lines.map((line) => JSON.stringify(line)).join('\n');
  expect((await test.request('POST', `${space}/commit/main`, { body })).status).toBe(200);
  const files = [{ path: 'l.bin', size: 5, sample: '' }];
  const preupload = await test.request('POST', `${space}/preupload/main`, { body: { files } });
  expect(preupload.body).toMatchObject({ files: [{ path: 'l.bin', oid }] });
});

it('takes a deletion without a type for a model', async () => {
  const body = { name: 'rules', organization: 'ana' };
  expect((await test.request('DELETE', '/api/repos/delete', { body })).status).toBe(404);
  expect((await test.request('GET', space)).status).toBe(200);
});
