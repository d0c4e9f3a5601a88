import { defaults } from '../../server/contract.ts';
import { oneLine, redact } from '../clients/redact.ts';
import { bookOf } from '../deployment/book/book-source.ts';
import { collectionOf } from '../deployment/book/collection.ts';
import { proofQuestions, type ProofQuestion } from '../deployment/book/proof-questions.ts';
import { secretValues, type RunContext } from '../deployment/context.ts';
import { frontendOrigins } from '../deployment/frontend/allowed-origins.ts';
import { noServerUrl, serverUrl } from '../deployment/server/server-url.ts';
import type { CitedAnswer, RequestOfPage } from '../frontend/proof/ask-as-page.ts';
import { askUntilLive } from '../frontend/proof/ask-until-live.ts';
import { canonicalContract } from '../frontend/proof/canonical-contract.ts';
import { readPage } from '../frontend/proof/read-page.ts';
import { deadLinks, unknownContract, type OpenProof } from '../frontend/proof/open-proof.ts';
import { findWiredRequest } from '../frontend/proof/wired-request.ts';
import { Failure } from '../model/failure.ts';
import type { RunEvent } from '../model/run/event.ts';
import { proveInBrowser } from './prove-in-browser.ts';
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

/** Does what a reader's browser does: asks a question as the deployed page's code asks it, and follows the answer's links. */
export const prove: Step = { ...step, affectedBy: [], inspect };

function inspect(context: RunContext, previous: PreviousOutcomes): Promise<StepPlan> {
  const wasChanged = [...previous.values()].includes('changed');
  const what = 'asks the server a question as the page would';
  // It runs every time, and changes nothing.
  return Promise.resolve(planChange(step, 'unchanged', what, () => run(context, wasChanged)));
}

async function* run(context: RunContext, wasChanged: boolean): AsyncGenerator<RunEvent, StepResult> {
  const { settings } = context;
  const [api, frontend, questions] = await Promise.all([
    serverUrl(context),
    frontendOrigins(context),
    proofQuestions(context),
  ]);
  if (api === null) throw noServerUrl(context);
  if (questions.length === 0 && settings.noIndex === true && !(await collectionOf(context)).state.exists)
    return { outcome: 'skipped', reason: 'the book is not indexed yet' };
  if (questions.length === 0) throw nothingToAsk(context);
  const origin = frontend.main ?? defaults.origins;
  const direct = { url: `${api}${canonicalContract.path}`, origin, contract: canonicalContract };
  yield progress(step, { done: 0, total: 1, note: `reading ${origin}` });
  const { main } = frontend;
  const wired = main === null ? direct : await orNotWired(wiredRequest(context, { api, main }));
  const ask = (request: RequestOfPage) =>
    askUntilLive({ ...context, request, questions, followsLinks: main !== null });
  yield progress(step, { done: 0, total: 1, note: `asking as ${origin}` });
  const first = await orNotWired(ask(wired instanceof Failure || wired === null ? direct : wired));
  // The answer comes first: a page that does not reach the server is no fault of the server.
  const { answer, dead } = first instanceof Failure ? await ask(direct) : first;
  yield answerNotice(context, answer);
  const gap = [wired, first].find((result) => result instanceof Failure);
  if (gap !== undefined) throw await explainUncommitted(context, gap);
  const live =
    main === null || settings.browser === undefined ? null : await bookPages(context, main, questions);
  const isShown = live !== null && (yield* proveInBrowser(context, { pages: live, answer }));
  const open = wired === null && !isShown ? unknownContract(origin) : deadLinks(dead);
  if (open !== null) return yield* reportOpen(open);
  const reason = `Asked “${oneLine(answer.question)}”: cited ${answer.cited[0] ?? ''}`;
  return { outcome: wasChanged ? 'changed' : 'unchanged', reason };
}

/** How the deployed page asks. The book may be below the root of its site. */
async function wiredRequest(
  context: RunContext,
  { api, main }: { api: string; main: string },
): Promise<RequestOfPage | null> {
  const { http, signal, settings } = context;
  const { wiring } = settings;
  const book = await bookOf(context);
  const page = await readPage({ url: new URL(book?.site.baseUrl ?? '/', main).href, http, signal });
  const contract = wiring?.contract ?? null;
  const isSameOrigin = wiring?.isSameOrigin === true;
  const source = contract === null ? null : { contract, path: wiring?.path ?? '', isSameOrigin };
  return findWiredRequest({
    page,
    api,
    variable: settings.frontendVariable,
    source,
    hasSource: wiring?.dir != null,
    http,
    signal,
  });
}

/** The book's first page, and one with text: a chat may be on those only. */
async function bookPages(
  context: RunContext,
  main: string,
  questions: readonly ProofQuestion[],
): Promise<readonly string[]> {
  const book = await bookOf(context);
  const paths = [book?.site.baseUrl ?? '/', ...questions.slice(0, 1).flatMap(({ url }) => url ?? [])];
  return [...new Set(paths.map((path) => new URL(path, main).href.replace(/#.*$/, '')))];
}

/** A failure of the page as a value: it is shown after the server's answer. */
async function orNotWired<T>(promise: Promise<T>): Promise<T | Failure> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof Failure && error.service === 'vercel') return error;
    throw error;
  }
}

function answerNotice(context: RunContext, { text, cited }: CitedAnswer): RunEvent {
  const message = redact(text, secretValues(context));
  return { type: 'notice', code: 'answer', message, remedy: cited.join(' ') };
}

/** Neither proved nor refuted: what to look at by hand. */
function* reportOpen({ reason, remedy }: OpenProof): Generator<RunEvent, StepResult> {
  yield { type: 'notice', code: 'frontend-unproven', message: reason, remedy };
  return { outcome: 'unproven', reason };
}

function nothingToAsk({ settings }: RunContext): Failure {
  return new Failure({
    code: 'nothing-indexed',
    service: 'qdrant',
    message: `The collection ${settings.collection} holds no section of a book, so there is nothing to ask about.`,
    remedy: 'Run again with --docs DIR, without --no-index.',
  });
}
