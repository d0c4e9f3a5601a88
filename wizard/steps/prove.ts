import { defaults } from '../../server/contract.ts';
import { oneLine, redact } from '../clients/redact.ts';
import { bookOf } from '../deployment/book/book-source.ts';
import { proofQuestions } from '../deployment/book/proof-questions.ts';
import { secretValues, type RunContext } from '../deployment/context.ts';
import { frontendOrigins } from '../deployment/frontend/allowed-origins.ts';
import { noServerUrl, serverUrl } from '../deployment/server/server-url.ts';
import { askAsPage, type CitedAnswer } from '../frontend/proof/ask-as-page.ts';
import { assertWired } from '../frontend/proof/assert-wired.ts';
import { findApiUrl } from '../frontend/proof/find-api-url.ts';
import { assertOriginAllowed, isProxied } from '../frontend/proof/origin-checks.ts';
import { readPage, withLinkedPages, type DeployedPage } from '../frontend/proof/read-page.ts';
import { Failure } from '../model/failure.ts';
import type { RunEvent } from '../model/run/event.ts';
import { explainUncommitted } from './redeploy/await-commit.ts';
import {
  planChange,
  progress,
  type PreviousOutcomes,
  type Step,
  type StepPlan,
  type StepResult,
} from './step.ts';

const step = { id: 'prove', service: 'vercel' } as const;

/** Does what a reader's browser does: asks a question from the page's origin, and finds the server's URL in its code. */
export const prove: Step = { ...step, affectedBy: [], inspect };

function inspect(context: RunContext, previous: PreviousOutcomes): Promise<StepPlan> {
  const wasChanged = [...previous.values()].includes('changed');
  const what = 'asks the server a question as the page would';
  // It runs every time, and changes nothing.
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
  const [asking, reading] = await Promise.allSettled([
    firstCited(context, { api, origin, questions }),
    frontend.main === null ? null : readBookPage(context, frontend.main),
  ]);
  if (asking.status === 'rejected') throw asking.reason;
  const { question, cited, text } = asking.value;
  const message = redact(text, secretValues(context));
  yield { type: 'notice', code: 'answer', message, remedy: cited.join(' ') };
  // The answer comes first: a page that lacks the server's URL is no fault of the server.
  if (reading.status === 'rejected') throw reading.reason;
  if (reading.value !== null) yield* proveWiring(context, { api, page: reading.value, questions });
  const reason = `Asked “${oneLine(question)}”: cited ${cited[0] ?? ''}`;
  return { outcome: wasChanged ? 'changed' : 'unchanged', reason };
}

/** The URL is in the page, or the page's own `/api` forwards to the server: then it is asked there, as the page does. */
async function* proveWiring(
  context: RunContext,
  { api, page, questions }: { api: string; page: DeployedPage; questions: readonly string[] },
): AsyncGenerator<RunEvent, void> {
  const { http, signal, settings } = context;
  const { origin } = new URL(page.url);
  const variable = settings.frontendVariable;
  const isForwarded = await isProxied({ origin, http, signal });
  const isThere = isForwarded || findApiUrl({ page, apiOrigin: api, variable }).foundIn !== null;
  const pages = isThere ? page : await withLinkedPages({ page, http, signal });
  try {
    assertWired({ page: pages, api, variable, isProxied: isForwarded });
  } catch (error) {
    throw await explainUncommitted(context, error);
  }
  await assertOriginAllowed({ api, origin, http, signal });
  if (!isForwarded || settings.wiring?.isSameOrigin !== true) return;
  yield progress(step, { done: 0, total: 1, note: `asking through ${origin}/api` });
  await firstCited(context, { api: origin, origin, questions });
}

/** The book may be below the root of its site. */
async function readBookPage(context: RunContext, origin: string): Promise<DeployedPage> {
  const { http, signal } = context;
  const book = await bookOf(context);
  return readPage({ url: new URL(book?.site.baseUrl ?? '/', origin).href, http, signal });
}

/** A model may cite nothing for one heading; a book that is cited for no question is not indexed. */
async function firstCited(
  { http, signal }: RunContext,
  { api, origin, questions }: { api: string; origin: string; questions: readonly string[] },
): Promise<CitedAnswer> {
  let last: unknown = null;
  for (const question of questions) {
    try {
      return await askAsPage({ api, origin, question, http, signal });
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'answer-uncited') throw error;
      last = error;
    }
  }
  throw last;
}

function nothingToAsk({ settings }: RunContext): Failure {
  return new Failure({
    code: 'nothing-indexed',
    service: 'qdrant',
    message: `The collection ${settings.collection} holds no section of a book, so there is nothing to ask about.`,
    remedy: 'Run again with --docs DIR, without --no-index.',
  });
}
