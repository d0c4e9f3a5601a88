import { defaults } from '../../server/contract.ts';
import { oneLine, redact } from '../clients/redact.ts';
import { askAsPage, type CitedAnswer } from '../frontend/proof/ask-as-page.ts';
import { findApiUrl } from '../frontend/proof/find-api-url.ts';
import { isProxied, assertOriginAllowed } from '../frontend/proof/origin-checks.ts';
import { readPage, withLinkedPages, type DeployedPage } from '../frontend/proof/read-page.ts';
import { assertWired } from '../frontend/proof/assert-wired.ts';
import type { RunEvent } from '../model/run/event.ts';
import { Failure } from '../model/failure.ts';
import { explainUncommitted } from './redeploy/await-commit.ts';
import { bookOf } from '../deployment/book/book-source.ts';
import { secretValues, type RunContext } from '../deployment/context.ts';
import { serverUrl } from '../deployment/server/server-url.ts';
import { frontendOrigins } from '../deployment/frontend/allowed-origins.ts';
import { proofQuestions } from '../deployment/book/proof-questions.ts';
import {
  progress,
  planChange,
  type StepResult,
  type PreviousOutcomes,
  type StepPlan,
  type Step,
} from './step.ts';

const step = { id: 'prove', service: 'vercel' } as const;

/** Does what a reader's browser would do: a question from the page's origin, the address in the page's code. */
export const prove: Step = { ...step, affectedBy: [], inspect };

function inspect(context: RunContext, earlier: PreviousOutcomes): Promise<StepPlan> {
  const wasChanged = [...earlier.values()].includes('changed');
  const what = 'asks the server a question as the page would';
  // It is done on every run, and changes nothing.
  return Promise.resolve(planChange(step, 'unchanged', what, () => run(context, wasChanged)));
}

async function* run(context: RunContext, wasChanged: boolean): AsyncGenerator<RunEvent, StepResult> {
  const [api, frontend, questions] = await Promise.all([
    serverUrl(context),
    frontendOrigins(context),
    proofQuestions(context),
  ]);
  if (api === null) throw noServerUrl(context);
  if (questions.length === 0) throw nothingToAsk(context);
  const origin = frontend.main ?? defaults.origins;
  yield progress(step, { done: 0, total: 1, note: `asking as ${origin}` });
  const [answering, reading] = await Promise.allSettled([
    firstCited(context, { api, origin, questions }),
    frontend.main === null ? null : pageAt(context, frontend.main),
  ]);
  if (answering.status === 'rejected') throw answering.reason;
  const answer = { ...answering.value, text: redact(answering.value.text, secretValues(context)) };
  yield { type: 'notice', code: 'answer', message: answer.text, remedy: answer.cited.join(' ') };
  // The answer is shown first: a page that does not know the server yet is no fault of the server.
  if (reading.status === 'rejected') throw reading.reason;
  if (reading.value !== null) yield* proveWiring(context, { api, page: reading.value, questions });
  const reason = `Asked “${oneLine(answer.question)}”: cited ${answer.cited[0] ?? ''}`;
  return { outcome: wasChanged ? 'changed' : 'unchanged', reason, answer };
}

/** The address in the page, or its own `/api` answering for the server: then it is asked there, as the page asks. */
async function* proveWiring(
  context: RunContext,
  of: { api: string; page: DeployedPage; questions: readonly string[] },
): AsyncGenerator<RunEvent, void> {
  const { http, signal, settings } = context;
  const { api, questions } = of;
  const { origin } = new URL(of.page.url);
  const variable = settings.frontendVariable;
  const isHandedOn = await isProxied({ origin, http, signal });
  const isThere = isHandedOn || findApiUrl({ page: of.page, apiOrigin: api, variable }).foundIn !== null;
  const page = isThere ? of.page : await withLinkedPages({ page: of.page, http, signal });
  try {
    assertWired({ page, api, variable, isProxied: isHandedOn });
  } catch (error) {
    throw await explainUncommitted(context, error);
  }
  await assertOriginAllowed({ api, origin, http, signal });
  if (!isHandedOn || settings.wiring?.isSameOrigin !== true) return;
  yield progress(step, { done: 0, total: 1, note: `asking through ${origin}/api` });
  await firstCited(context, { api: origin, origin, questions });
}

/** The book may live below the root of its site. */
async function pageAt(context: RunContext, origin: string): Promise<DeployedPage> {
  const { http, signal } = context;
  const book = await bookOf(context);
  return readPage({ url: new URL(book?.site.baseUrl ?? '/', origin).href, http, signal });
}

/** A model may find nothing to cite for one heading; a book that answers for none is not indexed. */
async function firstCited(
  context: RunContext,
  of: { api: string; origin: string; questions: readonly string[] },
): Promise<CitedAnswer> {
  const { http, signal } = context;
  let last: unknown = null;
  for (const question of of.questions) {
    try {
      return await askAsPage({ api: of.api, origin: of.origin, question, http, signal });
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'answer-uncited') throw error;
      last = error;
    }
  }
  throw last;
}

function noServerUrl({ target }: RunContext): Failure {
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
