import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runFlow } from '../../../../wizard/interview/flow.ts';
import { interviewState } from '../../../../wizard/interview/interview-state.ts';
import { sessionFlow } from '../../../../wizard/interview/session-flow.ts';
import {
  bookQuestions,
  bookResources,
  refusedBook,
  type BookInterviewState,
} from '../../../../wizard/interview/targets/book-questions.ts';
import type { Answers } from '../../../../wizard/model/answers.ts';
import type { Reply } from '../../../../wizard/model/question.ts';
import { accept, empty, plainAnswers, sampleBook, sessionWith, type } from '../scripted-session.ts';

const computed = mkdtempSync(join(tmpdir(), 'book-questions-'));
beforeAll(() => {
  mkdirSync(join(computed, 'docs'), { recursive: true });
  writeFileSync(join(computed, 'docusaurus.config.js'), 'export default { baseUrl: process.env.BASE };');
  writeFileSync(join(computed, 'docs/a.md'), 'Text.');
});
afterAll(() => rmSync(computed, { recursive: true, force: true }));

/** The book that is known in the end, and the prompts up to there. */
async function ask(replies: Reply[], answers: Answers) {
  const { session, prompts } = sessionWith(replies);
  const questions = bookQuestions<BookInterviewState>({ refusalsIn: refusedBook, after: [] });
  const final = await runFlow<BookInterviewState>({
    ...sessionFlow(session, { questions, refusalsIn: refusedBook }),
    initial: interviewState(session, { answers, proposals: {} }),
    resources: bookResources<BookInterviewState>({ session }),
  });
  const bookBaseUrl = final?.answers.BOOK_BASE_URL?.value ?? null;
  return { known: { docsDir: final?.book?.docsDir ?? null, bookBaseUrl }, prompts };
}

describe('the path of the site', () => {
  it('is asked for where the configuration computes it, with the likely one on offer', async () => {
    const { known: book, prompts } = await ask(
      [type('repo'), type('/repo/')],
      plainAnswers({ DOCS_DIR: computed }),
    );
    expect(book).toEqual({ docsDir: computed, bookBaseUrl: '/repo/' });
    expect(prompts).toMatchObject([
      { question: { name: 'BOOK_BASE_URL' }, proposal: { shown: '/' }, problem: null },
      { question: { name: 'BOOK_BASE_URL' }, problem: { remedy: expect.stringContaining('/name/') } },
    ]);
    const accepted = await ask([accept], plainAnswers({ DOCS_DIR: computed }));
    expect(accepted.known).toMatchObject({ bookBaseUrl: '/' });
  });

  it('is not asked for where it is given, or can be read', async () => {
    const provided = plainAnswers({ DOCS_DIR: computed, BOOK_BASE_URL: '/x/' });
    expect((await ask([], provided)).known).toMatchObject({ bookBaseUrl: '/x/' });
    const readable = plainAnswers({ DOCS_DIR: sampleBook });
    expect((await ask([], readable)).known).toEqual({ docsDir: sampleBook, bookBaseUrl: null });
  });
});

describe('the folder of the book', () => {
  it('is asked for again where it holds none, without offering it', async () => {
    const missing = join(empty, 'none');
    const { known: book, prompts } = await ask([type(missing), type(sampleBook)], {});
    expect(book.docsDir).toBe(sampleBook);
    expect(prompts[1]).toMatchObject({
      proposal: null,
      problem: { message: `There is no folder ${missing}.` },
    });
  });

  it('that the environment names wrongly ends the flow', async () => {
    await expect(ask([], plainAnswers({ DOCS_DIR: empty }))).rejects.toMatchObject({
      kind: 'usage',
      code: 'book-not-found',
    });
  });
});
