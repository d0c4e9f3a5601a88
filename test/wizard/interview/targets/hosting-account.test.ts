import { afterAll, beforeAll, expect, it } from 'vitest';
import { createHttp } from '../../../../wizard/clients/http.ts';
import { runFlow } from '../../../../wizard/interview/flow.ts';
import { interviewState } from '../../../../wizard/interview/interview-state.ts';
import { sessionFlow } from '../../../../wizard/interview/session-flow.ts';
import { hostingAccountResource } from '../../../../wizard/interview/targets/hosting-account.ts';
import { targetQuestions, targetsIn } from '../../../../wizard/interview/targets/target-questions.ts';
import { refusedTargets, type TargetState } from '../../../../wizard/interview/targets/target-state.ts';
import { credentialChecks } from '../../../../wizard/interview/credentials/credential-questions.ts';
import type { Answers } from '../../../../wizard/model/answers.ts';
import type { Reply } from '../../../../wizard/model/question.ts';
import { Secret } from '../../../../wizard/model/secret.ts';
import { startVercel, type VercelStandIn } from '../../../../sandbox/vercel/vercel.ts';
import { ExchangeRecord } from '../../../../sandbox/exchange/exchange-record.ts';
import { Faults } from '../../../../sandbox/exchange/faults.ts';
import { choose, sessionWith, type } from '../scripted-session.ts';

let book: VercelStandIn;
beforeAll(async () => {
  book = await startVercel({ faults: new Faults(), record: new ExchangeRecord() });
  await book.controls['token']?.({ value: 'token-of-the-lab-alone', scopes: ['textbook-lab'] });
});
afterAll(() => book.close());

/** Where the server goes when its hosting is Vercel. */
async function ask(
  replies: Reply[] | null,
  { answers = {}, argv = [] }: { answers?: Answers; argv?: string[] },
) {
  const { session, prompts } = sessionWith(replies, { argv: ['--hosting', 'vercel', '--no-index', ...argv] });
  const inputs = {
    endpoints: { hf: book.url, vercel: book.url, gemini: book.url },
    http: createHttp({ fetch, sleep: async () => undefined }),
  };
  const values: Answers = {
    VERCEL_TOKEN: { value: new Secret(book.token), source: 'environment', cleaned: [] },
    VERCEL_PROJECT: { value: 'sample-book', source: 'environment', cleaned: [] },
    ...answers,
  };
  const final = await runFlow<TargetState>({
    ...sessionFlow(session, {
      questions: targetQuestions<TargetState>({
        session,
        refusalsIn: refusedTargets,
        isBookNeeded: () => false,
        after: ['vercel'],
      }),
      refusalsIn: refusedTargets,
    }),
    initial: {
      ...interviewState(session, { answers: values, proposals: {} }),
      hostingAccount: null,
      knownPlace: null,
    },
    resources: [
      ...credentialChecks<TargetState>({ session, inputs, services: ['vercel'] }),
      hostingAccountResource<TargetState>(session, inputs),
    ],
  });
  if (final === null) throw new Error('the flow was left');
  return { place: targetsIn(session, final).space, prompts };
}

it('offers the other teams first, then the account of the book, each with its plan', async () => {
  const { place, prompts } = await ask([choose('team textbook-lab')], {});
  expect(prompts).toMatchObject([
    {
      name: 'hosting-account',
      choices: [
        { value: 'team textbook-lab', note: 'plan pro' },
        { value: 'book', label: 'ana, with the book', note: 'free plan' },
        { value: 'other' },
      ],
    },
  ]);
  expect(place).toBe('vercel/textbook-lab/sample-book-chat');
  expect((await ask([choose('book')], {})).place).toBe('vercel/~ana/sample-book-chat');
});

it('takes the token of another account, and asks again for one that is refused', async () => {
  const { place, prompts } = await ask(
    [choose('other'), type('never-issued-by-anybody-1'), type('token-of-the-lab-alone')],
    {},
  );
  expect(prompts.map((prompt) => prompt.type === 'value' && prompt.problem?.message)).toMatchObject([
    false,
    undefined,
    expect.stringContaining('403'),
  ]);
  expect(place).toBe('vercel/textbook-lab/sample-book-chat');
});

it('asks nothing where a flag, or a token for it, says it', async () => {
  expect((await ask([], { argv: ['--hosting-team', 'textbook-lab'] })).place).toBe(
    'vercel/textbook-lab/sample-book-chat',
  );
  const token = { value: new Secret('token-of-the-lab-alone'), source: 'environment', cleaned: [] };
  expect((await ask(null, { answers: { HOSTING_VERCEL_TOKEN: token } })).place).toContain(
    '/sample-book-chat',
  );
});
