import { HttpFailure } from '../clients/http-failure.ts';
import type { Http } from '../clients/http.ts';
import { askAsPage } from '../frontend/proof/ask-as-page.ts';
import { findApiUrl } from '../frontend/proof/find-api-url.ts';
import { readPage, withLinkedPages, type DeployedPage } from '../frontend/proof/read-page.ts';
import { isProxied } from '../frontend/proof/origin-checks.ts';
import { Failure } from '../model/failure.ts';
import type { Finding } from './finding.ts';
import type { FrontendStatus } from '../deployment/frontend/frontend-status.ts';

const service = 'vercel';
type KnownFrontend = Extract<FrontendStatus, { type: 'known' }>;
type FrontendCheck = {
  /** Origin of the Space. */
  serverUrl: string;
  /** False leaves it alone: any request would wake it. */
  isAwake: boolean;
  /** Whether nothing else was found to be wrong: a question then shows what is left. */
  isHealthy: boolean;
  /** Path under which the book lives on its site. */
  baseUrl: string;
  http: Http;
  signal: AbortSignal;
};

/** What stands between the pages and the server: the variable, the build, the origin. Reads only. */
export async function diagnoseFrontend(facts: KnownFrontend, asking: FrontendCheck): Promise<Finding[]> {
  const { origin: at } = facts;
  const isHandedOn = at !== null && asking.isAwake && (await isProxied({ ...asking, origin: at }));
  // A page that asks its own origin needs no variable.
  const isNeeded = !isHandedOn || facts.variable !== null;
  const findings = [...buildFindings(facts), ...(isNeeded ? variableFindings(facts, asking.serverUrl) : [])];
  if (facts.origin === null) {
    const message = `The project ${facts.project} has no production domain.`;
    return [...findings, { code: 'frontend-missing', service, message, remedy: 'Deploy it on Vercel once.' }];
  }
  const [page, origin] = await Promise.all([
    pageFindings(facts.origin, { facts, isHandedOn, ...asking }),
    asking.isAwake ? originFindings(facts.origin, asking) : [],
  ]);
  const all = [...findings, ...page, ...origin];
  if (all.length > 0 || !asking.isAwake || !asking.isHealthy) return all;
  return answerFindings(facts.origin, asking);
}

/** A question as a reader of the page asks it, its answer streamed. That a general one is not cited is no fault. */
async function answerFindings(
  origin: string,
  { serverUrl: host, http, signal }: FrontendCheck,
): Promise<Finding[]> {
  try {
    await askAsPage({ api: host, origin, question: 'What is this book about?', http, signal });
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

/** A build that failed leaves the pages as they were: what was written since is not in them. */
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
  { key, value, variable: standing, ready, project }: KnownFrontend,
  host: string,
): Finding[] {
  const remedy = 'Run npx rag-space-setup: it writes the variable and redeploys.';
  if (standing === null) {
    const message = `${project} has no ${key} for production, so its pages do not know the server.`;
    return [{ code: 'frontend-variable-missing', service, message, remedy }];
  }
  // A sensitive value does not come back: the page tells what it was.
  if (value !== null && originIn(value) !== host) {
    const message = `${key} of ${project} is ${value}; the Space is at ${host}.`;
    return [{ code: 'frontend-variable-differs', service, message, remedy }];
  }
  const writtenAt = standing.updatedAt ?? standing.createdAt ?? 0;
  if (ready !== null && ready.createdAt >= writtenAt) return [];
  const message = `${project} was last built before ${key} was written: its pages hold the old value.`;
  return [{ code: 'frontend-not-redeployed', service, message, remedy }];
}

function originIn(value: string): string {
  return URL.canParse(value) ? new URL(value).origin : value;
}

async function pageFindings(
  origin: string,
  {
    facts,
    isHandedOn,
    serverUrl: host,
    isAwake,
    baseUrl,
    http,
    signal,
  }: FrontendCheck & { facts: KnownFrontend; isHandedOn: boolean },
): Promise<Finding[]> {
  let page: DeployedPage;
  try {
    page = await readPage({ url: new URL(baseUrl, origin).href, http, signal });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const { code, message, remedy } = error;
    return [{ code, service, message, remedy }];
  }
  const look = (at: DeployedPage) => findApiUrl({ page: at, apiOrigin: host, variable: facts.key });
  const here = look(page);
  const isThere = here.foundIn !== null || isHandedOn;
  const {
    foundIn,
    unfilledVariables: leftovers,
    otherSpaces: others,
  } = isThere ? here : look(await withLinkedPages({ page, http, signal }));
  const findings: Finding[] = [];
  const [leftover] = leftovers;
  if (leftover !== undefined) {
    findings.push({
      code: 'frontend-leftover',
      service,
      message: `${leftover.url} still says process.env.${leftover.name}: the site’s build does not fill it in.`,
      remedy:
        'Run npx rag-space-setup --frontend DIR, the site’s folder, and accept the change that it shows.',
    });
  } else if (foundIn === null && isAwake && !isHandedOn) {
    findings.push({
      code: 'frontend-not-wired',
      service,
      message: `${new URL(host).host} stands nowhere in ${page.url} and its scripts${facts.variable === null ? '' : `, although ${facts.key} is set`}.`,
      remedy: `Let the site’s source read ${facts.key} where it calls the server, push, and run npx rag-space-setup.`,
    });
  }
  for (const other of others) {
    findings.push({
      code: 'frontend-other-space',
      service,
      message: `The pages name another Space: ${other}.`,
      remedy: 'Take that address out of the site’s source, and push.',
    });
  }
  return findings;
}

/** A preflight is answered before it reaches the server, so a real request has to tell. */
async function originFindings(
  origin: string,
  { serverUrl: host, http, signal }: FrontendCheck,
): Promise<Finding[]> {
  const allowed = await allowedOrigin({ origin, host, http, signal });
  if (allowed === undefined || allowed === origin) return [];
  return [
    {
      code: 'origin-not-allowed',
      service: 'huggingface',
      message: `The server lets ${allowed ?? 'no origin'} read its answers; the pages are at ${origin}.`,
      remedy: 'Run npx rag-space-setup: it adds the origin to ALLOWED_ORIGINS.',
    },
  ];
}

/** Undefined when nothing answers, which is told elsewhere. */
async function allowedOrigin(of: {
  origin: string;
  host: string;
  http: Http;
  signal: AbortSignal;
}): Promise<string | null | undefined> {
  const { origin, host, http, signal } = of;
  const what = 'asking as the page does';
  const url = `${host}/api/health`;
  try {
    const answer = await http.text({
      service: 'huggingface',
      what,
      url,
      headers: { origin },
      signal,
      retry: false,
    });
    return answer.headers.get('access-control-allow-origin');
  } catch (error) {
    if (!(error instanceof HttpFailure)) throw error;
    return error.status === null ? undefined : error.headers.get('access-control-allow-origin');
  }
}
