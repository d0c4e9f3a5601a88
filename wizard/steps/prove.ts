import { defaults } from '../../server/contract.ts';
import { oneLine, redact } from '../clients/redact.ts';
import { ask, type Answer } from '../frontend/ask.ts';
import { findAddress } from '../frontend/find-address.ts';
import { readPage, type Page } from '../frontend/page.ts';
import type { RunEvent } from '../model/event.ts';
import { Failure } from '../model/failure.ts';
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
  if (reading.value !== null) throwUnlessWired(context, { api, page: reading.value });
  const reason = `Asked “${oneLine(answer.question)}”: cited ${answer.cited[0] ?? ''}`;
  return { outcome: wasChanged ? 'changed' : 'unchanged', reason, answer };
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

function throwUnlessWired({ settings }: RunContext, { api, page }: { api: string; page: Page }): void {
  const variable = settings.frontendVariable;
  const found = findAddress({ page, apiOrigin: api, variable });
  if (found.leftoverIn !== null) {
    throw notWired({
      why: `${found.leftoverIn} still says process.env.${variable}: the site’s build does not fill it in`,
      remedy: `Let the build define it: a small plugin in docusaurus.config that adds a DefinePlugin for process.env.${variable}; push, and run again.`,
    });
  }
  if (found.foundIn !== null) return;
  const instead = found.others.length === 0 ? '' : `; it names ${found.others.join(', ')} instead`;
  throw notWired({
    why: `${new URL(api).host} stands nowhere in ${page.url} and its scripts${instead}`,
    remedy: `Let the site’s source read ${variable} where it calls the server, push, and run again.`,
  });
}

function notWired({ why, remedy }: { why: string; remedy: string }): Failure {
  return new Failure({
    code: 'frontend-not-wired',
    service: me.service,
    message: `The server works, but the page does not know its address: ${why}.`,
    remedy,
  });
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
