import { HttpFailure } from '../clients/http-failure.ts';
import type { Http } from '../clients/http.ts';
import type { FrontendStatus } from '../deployment/frontend/frontend-status.ts';
import { askAsPage } from '../frontend/proof/ask-as-page.ts';
import { canonicalContract } from '../frontend/proof/canonical-contract.ts';
import { findApiUrl } from '../frontend/proof/find-api-url.ts';
import { readDeployedChat } from '../frontend/proof/deployed-chat.ts';
import { isForwarded as isAddressForwarded } from '../frontend/proof/origin-checks.ts';
import { readPage, withLinkedPages, type DeployedPage } from '../frontend/proof/read-page.ts';
import { Failure } from '../model/failure.ts';
import type { Finding } from './finding.ts';

const service = 'vercel';
type KnownFrontend = Extract<FrontendStatus, { type: 'known' }>;
type FrontendCheck = {
  /** Origin of the Space. */
  serverUrl: string;
  /** False sends it no request, because any would wake it. */
  isAwake: boolean;
  /** Whether there is no other finding: then it is worth asking a question. */
  isHealthy: boolean;
  /** Path of the book on its site. */
  baseUrl: string;
  http: Http;
  signal: AbortSignal;
};

/** What is wrong between the pages and the server: the variable, the build, the origin. Reads only. */
export async function diagnoseFrontend(frontend: KnownFrontend, check: FrontendCheck): Promise<Finding[]> {
  const { origin } = frontend;
  const isForwarded = origin !== null && check.isAwake && (await asksOwnOrigin(origin, check));
  // A page that calls its own origin needs no variable.
  const needsVariable = !isForwarded || frontend.variable !== null;
  const findings = [
    ...buildFindings(frontend),
    ...(needsVariable ? variableFindings(frontend, check.serverUrl) : []),
  ];
  if (origin === null) {
    const message = `The project ${frontend.project} has no production domain.`;
    return [...findings, { code: 'frontend-missing', service, message, remedy: 'Deploy it on Vercel once.' }];
  }
  const [page, access] = await Promise.all([
    pageFindings(origin, { frontend, isForwarded, ...check }),
    check.isAwake ? originFindings(frontend, check) : [],
  ]);
  const all = [...findings, ...page, ...access];
  if (all.length > 0 || !check.isAwake || !check.isHealthy) return all;
  return answerFindings(origin, check);
}

/** Whether the chat of the pages asks their own origin, and a rule forwards that to the server. */
async function asksOwnOrigin(origin: string, { baseUrl, http, signal }: FrontendCheck): Promise<boolean> {
  const page = await readPage({ url: new URL(baseUrl, origin).href, http, signal }).catch(() => null);
  signal.throwIfAborted();
  const chat = page === null ? null : readDeployedChat(page);
  const own = chat?.addresses.find(({ url, isChat }) => isChat && new URL(url).origin === origin);
  return own !== undefined && isAddressForwarded({ url: own.url, http, signal });
}

/** Asks a question as the page does. It is a general one, so an answer without a source is no finding. */
async function answerFindings(
  origin: string,
  { serverUrl: api, http, signal }: FrontendCheck,
): Promise<Finding[]> {
  try {
    const request = { url: `${api}${canonicalContract.path}`, origin, contract: canonicalContract };
    await askAsPage({ request, question: 'What is this book about?', http, signal });
    return [];
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const { code, message, remedy } = error;
    return code === 'answer-uncited' ? [] : [{ code, service: 'huggingface', message, remedy }];
  }
}

const failedStates: Readonly<Record<string, string>> = {
  ERROR: 'failed',
  CANCELED: 'was cancelled',
  BLOCKED: 'was blocked',
};

/** A failed build leaves the pages as they were, without what changed since. */
function buildFindings({ newest, ready, project }: KnownFrontend): Finding[] {
  const how = failedStates[newest?.state ?? ''];
  if (newest === null || how === undefined || (ready?.createdAt ?? 0) > newest.createdAt) return [];
  const why = newest.problem === '' ? '' : `: ${newest.problem}`;
  const message = `The newest production build of ${project} ${how}${why}.`;
  const where = newest.inspectorUrl ?? 'https://vercel.com/dashboard';
  return [
    { code: 'frontend-build-failed', service, message, remedy: `Its log says why: ${where} Then run again.` },
  ];
}

function variableFindings(
  { key, value, variable, ready, project }: KnownFrontend,
  serverUrl: string,
): Finding[] {
  const remedy = 'Run npx rag-space-setup: it writes the variable and redeploys.';
  if (variable === null) {
    const message = `${project} has no ${key} for production, so its pages do not know the server.`;
    return [{ code: 'frontend-variable-missing', service, message, remedy }];
  }
  // Vercel does not return a sensitive value: then the page shows what it was.
  if (value !== null && originIn(value) !== serverUrl) {
    const message = `${key} of ${project} is ${value}; the server is at ${serverUrl}.`;
    return [{ code: 'frontend-variable-differs', service, message, remedy }];
  }
  const writtenAt = variable.updatedAt ?? variable.createdAt ?? 0;
  if (ready !== null && ready.createdAt >= writtenAt) return [];
  const message = `${project} was last built before ${key} was written: its pages hold the old value.`;
  return [{ code: 'frontend-not-redeployed', service, message, remedy }];
}

function originIn(value: string): string {
  return URL.canParse(value) ? new URL(value).origin : value;
}

async function pageFindings(
  origin: string,
  check: FrontendCheck & { frontend: KnownFrontend; isForwarded: boolean },
): Promise<Finding[]> {
  const { frontend, isForwarded, serverUrl, isAwake, baseUrl, http, signal } = check;
  let page: DeployedPage;
  try {
    page = await readPage({ url: new URL(baseUrl, origin).href, http, signal });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const { code, message, remedy } = error;
    return [{ code, service, message, remedy }];
  }
  const search = (pages: DeployedPage) =>
    findApiUrl({ page: pages, apiOrigin: serverUrl, variable: frontend.key });
  const first = search(page);
  const isThere = first.foundIn !== null || isForwarded;
  const { foundIn, unfilledVariables, otherSpaces } = isThere
    ? first
    : search(await withLinkedPages({ page, http, signal }));
  const findings: Finding[] = [];
  const [unfilled] = unfilledVariables;
  if (unfilled !== undefined) {
    findings.push({
      code: 'frontend-leftover',
      service,
      message: `${unfilled.url} still says process.env.${unfilled.name}: the site’s build does not fill it in.`,
      remedy:
        'Run npx rag-space-setup --frontend DIR, the site’s folder, and accept the change that it shows.',
    });
  } else if (foundIn === null && isAwake && !isForwarded) {
    findings.push({
      code: 'frontend-not-wired',
      service,
      message: `${new URL(serverUrl).host} is nowhere in ${page.url} and its scripts${frontend.variable === null ? '' : `, although ${frontend.key} is set`}.`,
      remedy: `Let the site’s source read ${frontend.key} where it calls the server, push, and run npx rag-space-setup.`,
    });
  }
  for (const other of otherSpaces) {
    findings.push({
      code: 'frontend-other-space',
      service,
      message: `The pages name another server: ${other}.`,
      remedy: 'Take that address out of the site’s source, and push.',
    });
  }
  return findings;
}

/** By real requests, because a preflight is answered by the Hub's gateway. */
async function originFindings({ origins }: KnownFrontend, check: FrontendCheck): Promise<Finding[]> {
  const { all, previews } = origins;
  const states = await Promise.all(
    [...all, ...(previews === null ? [] : [previews])].map(async (origin) => {
      // Any branch stands for all previews.
      const example = origin.replace('*', 'git-branch');
      return { origin, example, allowed: await readAllowedOrigin(example, check) };
    }),
  );
  const refused = states.filter(({ example, allowed }) => allowed !== undefined && allowed !== example);
  if (refused.length === 0) return [];
  const names = refused.map(({ origin }) => origin).join(', ');
  return [
    {
      code: 'origin-not-allowed',
      service: 'huggingface',
      message: `The server does not let pages at ${names} read its answers: not on ALLOWED_ORIGINS.`,
      remedy: 'Run npx rag-space-setup: it adds what is missing to ALLOWED_ORIGINS.',
    },
  ];
}

/** Undefined when the server cannot be reached, which is a finding of the Space. */
async function readAllowedOrigin(
  origin: string,
  { serverUrl, http, signal }: FrontendCheck,
): Promise<string | null | undefined> {
  const what = 'asking as the page does';
  const url = `${serverUrl}/api/health`;
  const request = { service: 'huggingface', what, url, headers: { origin }, signal, retry: false } as const;
  try {
    const { headers } = await http.text(request);
    return headers.get('access-control-allow-origin');
  } catch (error) {
    if (!(error instanceof HttpFailure)) throw error;
    return error.status === null ? undefined : error.headers.get('access-control-allow-origin');
  }
}
