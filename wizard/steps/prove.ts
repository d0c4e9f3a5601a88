import { defaults } from '../../server/contract.ts';
import { oneLine, redact } from '../clients/redact.ts';
import { ask, type Answer } from '../frontend/ask.ts';
import { findAddress } from '../frontend/find-address.ts';
import { handsOn, throwUnlessReadable } from '../frontend/reach.ts';
import { readPage, withLinkedPages, type Page } from '../frontend/page.ts';
import { throwUnlessWired } from '../frontend/verdict.ts';
import type { RunEvent } from '../model/event.ts';
import { Failure } from '../model/failure.ts';
import { becauseUncommitted } from './await-commit.ts';
import { bookOf } from './book.ts';
import { secretValues, type RunContext } from './context.ts';
import { hostOf } from './host.ts';
import { frontendOrigins } from './origins.ts';
import { questionsAbout } from './question.ts';
import { progress, toDo, type Done, type Earlier, type Look, type Step } from './step.ts';

const me = { id: 'prove', service: 'vercel' } as const;

/** Does what a reader's browser would do: a question from the page's origin, the address in the page's code. */
export const prove: Step = { ...me, follows: [], look };

function look(context: RunContext, earlier: Earlier): Promise<Look> {
  const wasChanged = [...earlier.values()].includes('changed');
  const what = 'asks the server a question as the page would';
  // It is done on every run, and changes nothing.
  return Promise.resolve(toDo(me, 'unchanged', what, () => run(context, wasChanged)));
}

async function* run(context: RunContext, wasChanged: boolean): AsyncGenerator<RunEvent, Done> {
  const [api, frontend, questions] = await Promise.all([
    hostOf(context),
    frontendOrigins(context),
    questionsAbout(context),
  ]);
  if (api === null) throw notThere(context);
  if (questions.length === 0) throw nothingToAsk(context);
  const origin = frontend.main ?? defaults.origins;
  yield progress(me, { done: 0, total: 1, note: `asking as ${origin}` });
  const [answering, reading] = await Promise.allSettled([
    firstCited(context, { api, origin, questions }),
    frontend.main === null ? null : pageAt(context, frontend.main),
  ]);
  if (answering.status === 'rejected') throw answering.reason;
  const answer = { ...answering.value, text: redact(answering.value.text, secretValues(context)) };
  yield { type: 'notice', code: 'answer', message: answer.text, remedy: answer.cited.join(' ') };
  // The answer is shown first: a page that does not know the server yet is no fault of the server.
  if (reading.status === 'rejected') throw reading.reason;
  if (reading.value !== null) yield* wired(context, { api, page: reading.value, questions });
  const reason = `Asked “${oneLine(answer.question)}”: cited ${answer.cited[0] ?? ''}`;
  return { outcome: wasChanged ? 'changed' : 'unchanged', reason, answer };
}

/** The address in the page, or its own `/api` answering for the server: then it is asked there, as the page asks. */
async function* wired(
  context: RunContext,
  of: { api: string; page: Page; questions: readonly string[] },
): AsyncGenerator<RunEvent, void> {
  const { http, signal, settings } = context;
  const { api, questions } = of;
  const { origin } = new URL(of.page.url);
  const variable = settings.frontendVariable;
  const isHandedOn = await handsOn({ origin, http, signal });
  const isThere = isHandedOn || findAddress({ page: of.page, apiOrigin: api, variable }).foundIn !== null;
  const page = isThere ? of.page : await withLinkedPages({ page: of.page, http, signal });
  try {
    throwUnlessWired({ page, api, variable, isHandedOn });
  } catch (error) {
    throw await becauseUncommitted(context, error);
  }
  await throwUnlessReadable({ api, origin, http, signal });
  if (!isHandedOn || settings.wiring?.isSameOrigin !== true) return;
  yield progress(me, { done: 0, total: 1, note: `asking through ${origin}/api` });
  await firstCited(context, { api: origin, origin, questions });
}

/** The book may live below the root of its site. */
async function pageAt(context: RunContext, origin: string): Promise<Page> {
  const { http, signal } = context;
  const book = await bookOf(context);
  return readPage({ url: new URL(book?.site.baseUrl ?? '/', origin).href, http, signal });
}

/** A model may find nothing to cite for one heading; a book that answers for none is not indexed. */
async function firstCited(
  context: RunContext,
  of: { api: string; origin: string; questions: readonly string[] },
): Promise<Answer> {
  const { http, signal } = context;
  let last: unknown = null;
  for (const question of of.questions) {
    try {
      return await ask({ api: of.api, origin: of.origin, question, http, signal });
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'answer-uncited') throw error;
      last = error;
    }
  }
  throw last;
}

function notThere({ target }: RunContext): Failure {
  return new Failure({
    code: 'space-without-address',
    service: 'huggingface',
    message: `The Hub names no address for the Space ${target.space}.`,
    remedy: 'Run again in a minute.',
  });
}

function nothingToAsk({ settings }: RunContext): Failure {
  return new Failure({
    code: 'nothing-indexed',
    service: 'qdrant',
    message: `The collection ${settings.collection} holds no section of a book, so there is nothing to ask about.`,
    remedy: 'Run again with --docs DIR, without --no-index.',
  });
}
