import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readDataSet } from '../../../eval/data-set/read-data-set.ts';
import { lexicalCandidates } from '../../../eval/retrieve-candidates.ts';
import { score } from '../../../eval/score.ts';
import { chatSettings } from '../../../server/chat/settings.ts';

const { signal } = new AbortController();

it('reads any set by ids and URLs, and rejects a question that names no section', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'eval-'));
  const file = join(dir, 'set.json');
  const set = {
    name: 'Two texts',
    documents: [
      { id: 'a', heading: ['Guide', 'Install'], text: 'Run the installer.' },
      { id: 'b', url: '/b', text: 'Remove everything with one click.' },
    ],
    questions: [
      { id: '1', question: 'How do I install it?', relevant: ['a'], half: 'held-out' },
      { id: '2', question: 'What removes everything?', relevant: [['/b', 'a']] },
    ],
  };
  await writeFile(file, JSON.stringify(set));
  const { mrr, recall, precision } = score(
    lexicalCandidates(await readDataSet({ file, signal })),
    chatSettings,
  );
  expect([mrr, recall[1], precision[1]]).toEqual([1, 1, 1]);
  await writeFile(file, JSON.stringify({ ...set, questions: [{ id: '9', question: 'x', relevant: ['c'] }] }));
  await expect(readDataSet({ file, signal })).rejects.toThrow('question 9 names c');
  const published = {
    ...set,
    source: 'x',
    documents: [{ id: 7, heading: null, url: null, lang: 'py', text: 'Run the installer.' }],
    questions: [{ id: 1, question: 'How?', after: null, relevant: [7] }],
  };
  await writeFile(file, JSON.stringify(published));
  const { questions } = await readDataSet({ file, signal });
  expect(questions[0]).toMatchObject({ id: '1', relevant: [['7']] });
  await rm(dir, { recursive: true });
});
