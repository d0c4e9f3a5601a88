import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { selectionOf } from '../../../../wizard/deployment/book/selection-of.ts';
import { runFlow } from '../../../../wizard/interview/flow.ts';
import { interviewState } from '../../../../wizard/interview/interview-state.ts';
import { sessionFlow } from '../../../../wizard/interview/session-flow.ts';
import {
  bookQuestions,
  bookResources,
  isBookKnown,
  refusedBook,
  type BookInterviewState,
} from '../../../../wizard/interview/targets/book-questions.ts';
import type { Answers } from '../../../../wizard/model/answers.ts';
import type { Reply } from '../../../../wizard/model/question.ts';
import { choose, plainAnswers, sampleBook, sessionWith } from '../scripted-session.ts';

async function ask(replies: Reply[], answers: Answers) {
  const { session, prompts } = sessionWith(replies);
  const questions = bookQuestions<BookInterviewState>({ refusalsIn: refusedBook, after: [] });
  const final = await runFlow<BookInterviewState>({
    ...sessionFlow(session, { questions, refusalsIn: refusedBook }),
    initial: interviewState(session, { answers, proposals: {} }),
    resources: bookResources<BookInterviewState>({ session }),
  });
  if (final === null) throw new Error('the flow was cancelled');
  return { selection: selectionOf(final.answers), isKnown: isBookKnown(final), prompts };
}

const versions = { DOCS_DIR: resolve('test/fixtures/sites/editions') };

it('asks which versions of a book with several, the first alone on top', async () => {
  const { selection, isKnown, prompts } = await ask([choose('first')], plainAnswers(versions));
  expect(prompts).toMatchObject([
    {
      title: 'Which versions does the assistant know?',
      choices: [
        { value: 'first', label: 'Only 2.0', note: '5 pages' },
        { value: 'current', label: '2.0 and 3.0-beta', note: '5 pages more' },
        { value: '1.0', label: '2.0 and 1.0', note: '5 pages more' },
        { value: 'all', label: 'Every version', note: '10 pages more' },
      ],
    },
  ]);
  expect([selection, isKnown]).toEqual([{ versions: [], locales: 'all' }, true]);
});

it('takes one version more, or all of them', async () => {
  const old = await ask([choose('1.0')], plainAnswers(versions));
  expect(old.selection.versions).toEqual(['1.0']);
  const all = await ask([choose('all')], plainAnswers(versions));
  expect(all.selection.versions).toBe('all');
});

it('asks nothing where it was given, nor of a book with one version', async () => {
  const answered = await ask(
    [],
    plainAnswers({ ...versions, BOOK_VERSIONS: '1.0, next', BOOK_LOCALES: 'fr' }),
  );
  expect(answered.prompts).toEqual([]);
  expect(answered.selection).toEqual({ versions: ['1.0', 'next'], locales: ['fr'] });
  const plain = await ask([], plainAnswers({ DOCS_DIR: sampleBook }));
  expect([plain.prompts, plain.isKnown]).toEqual([[], true]);
});
