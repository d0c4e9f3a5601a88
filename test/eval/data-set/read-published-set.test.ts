import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { DataSet } from '../../../eval/data-set/data-set.ts';
import { readDataSet } from '../../../eval/data-set/read-data-set.ts';

const { signal } = new AbortController();
let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'published-set-'));
});
afterEach(() => rm(dir, { recursive: true }));

type Records = readonly object[];

async function read(files: { [name: string]: Records | string }): Promise<DataSet> {
  for (const [name, content] of Object.entries(files)) {
    const lines = (records: Records): string => records.map((entry) => JSON.stringify(entry)).join('\n');
    const text =
      typeof content === 'string'
        ? content
        : name.endsWith('l')
          ? lines(content)
          : JSON.stringify(content, null, 2);
    await mkdir(dirname(join(dir, name)), { recursive: true });
    await writeFile(join(dir, name), text);
  }
  return readDataSet({ file: dir, signal });
}

it('reads BEIR’s form, and asks only what the test has judged relevant', async () => {
  const { sections, questions } = await read({
    'corpus.jsonl': [
      { _id: '4983', title: 'Water diffusion', text: 'Fractional anisotropy was higher.', metadata: {} },
      { _id: '5836', title: '', text: 'Mice were treated.' },
    ],
    'queries.jsonl': [
      { _id: '0', text: 'Was anisotropy higher?', metadata: { '4983': [] } },
      { _id: '1', text: 'Of the training half only.' },
    ],
    'qrels/train.tsv': 'query-id\tcorpus-id\tscore\n1\t4983\t1\n',
    'qrels/test.tsv': 'query-id\tcorpus-id\tscore\n0\t4983\t1\n0\t5836\t0\n',
  });
  expect(sections.map(({ id, title }) => [id, title])).toEqual([
    ['4983', 'Water diffusion'],
    ['5836', ''],
  ]);
  expect(questions).toMatchObject([{ id: '0', question: 'Was anisotropy higher?', relevant: [['4983']] }]);
});

it('reads TREC’s judgements', async () => {
  const { questions } = await read({
    'corpus.jsonl': [{ _id: 'a', text: 'x' }],
    'queries.jsonl': [{ _id: '7', text: 'What is x?' }],
    'qrels.txt': '7 0 a 2\n',
  });
  expect(questions[0]?.relevant).toEqual([['a']]);
});

it('reads a documentation set whose questions name sections by their address, which has the name of their page', async () => {
  const link = (anchor: string): string => `https://docs.example/user-guide#${anchor}`;
  const { sections, questions } = await read({
    'docs.json': [
      { chunk_link: link('a'), chunk_heading: 'Install', text: 'Run it.' },
      { chunk_link: link('b'), chunk_heading: 'Remove', text: 'Delete it.' },
    ],
    'evaluation.json': [
      { id: 'f0', question: 'How?', correct_chunks: [link('a'), link('b')], correct_answer: 'Run it.' },
    ],
  });
  expect(sections.map(({ title, headings, next }) => [title, headings, next])).toEqual([
    ['User guide', ['Install'], link('b')],
    ['User guide', ['Remove'], null],
  ]);
  expect(questions[0]).toMatchObject({ answer: 'Run it.', relevant: [[link('a')], [link('b')]] });
});

it('reads a code set whose documents hold chunks, named by document and number', async () => {
  const { sections, questions } = await read({
    'chunks.json': [
      {
        doc_id: 'doc_1',
        original_uuid: '5e4c',
        content: 'whole file',
        chunks: [
          { chunk_id: 'doc_1_chunk_0', original_index: 0, content: 'struct A' },
          { chunk_id: 'doc_1_chunk_1', original_index: 1, content: 'struct B' },
        ],
      },
    ],
    'questions.jsonl': [{ query: 'What is B?', golden_chunk_uuids: [['5e4c', 1]], golden_chunks: [{}] }],
  });
  expect(sections.map(({ id, content }) => [id, content])).toEqual([
    ['5e4c#0', 'struct A'],
    ['5e4c#1', 'struct B'],
  ]);
  expect(questions).toMatchObject([{ id: '1', question: 'What is B?', relevant: [['5e4c#1']] }]);
});

it('keeps two texts of one name apart, of which a question means either', async () => {
  const { sections } = await read({
    'docs.json': [
      { chunk_link: '/a', text: 'One.' },
      { chunk_link: '/a', text: 'Two.' },
    ],
    'questions.json': [{ question: 'Which?', correct_chunks: ['/a'] }],
  });
  expect(new Set(sections.map(({ id }) => id)).size).toBe(2);
  expect(sections.map(({ url }) => url)).toEqual(['/a', '/a']);
});

it('says what is missing in a folder, and which file has no records', async () => {
  await expect(read({ 'docs.json': [{ id: 'a', text: 'x' }] })).rejects.toThrow(
    '1 documents and 0 questions',
  );
  await expect(read({ 'broken.jsonl': '{"id":' })).rejects.toThrow(/broken\.jsonl is not a list of records/);
});
