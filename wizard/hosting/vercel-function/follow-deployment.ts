import { createPoll } from '../poll.ts';
import { Failure } from '../../model/failure.ts';
import type { FrontendDeployment } from '../../clients/vercel-schemas.ts';
import type { BuildPlan, HostingNews, HostingTools } from '../hosting.ts';
import { functionVariables, newestDeployment, type FunctionAccess } from './function-access.ts';
import { deployAgain, noteOf, serves } from './function-deployment.ts';
import { accountPaused, buildEnded, protectedFromReaders, tooLong } from './function-failures.ts';
import { functionUrl } from './function-url.ts';

/** All in milliseconds. */
const pollMs = 1_000;
const longestMs = 15 * 60_000;
/** How long a new address may not be known everywhere. */
const longestAddressMs = 2 * 60_000;
const visitMs = 10_000;

type WaitTools = FunctionAccess &
  Pick<HostingTools, 'now' | 'sleep'> & { pages: { settings: string; deployments: string } };

/** How far the deployment is, and what waiting for it would do. */
export async function inspectFunctionBuild(
  access: WaitTools,
  { wasChanged }: { wasChanged: boolean },
): Promise<BuildPlan> {
  const variables = await functionVariables(access);
  const expected = variables.find(({ key }) => key === 'DEPLOYMENT_ID')?.value ?? null;
  const newest = expected === null ? null : await newestDeployment(access);
  const follow = (): AsyncGenerator<HostingNews, string> => wait(access);
  if (newest === null) return { kind: 'new', what: 'it is deployed as it is, under a minute', follow };
  if (!wasChanged && serves(newest, expected ?? ''))
    return { kind: 'unchanged', what: 'the function is deployed', follow: null };
  return { kind: 'changes', what: `its newest deployment is ${newest.state.toLowerCase()}`, follow };
}

async function* wait(access: WaitTools): AsyncGenerator<HostingNews, string> {
  const { vercel, now, sleep, signal, pages } = access;
  const startedAt = now();
  const poll = createPoll(access);
  let deployment: FrontendDeployment = await currentDeployment(access);
  let note = '';
  for (;;) {
    const { state, isAliased, problem } = deployment;
    if (state === 'READY' && isAliased) break;
    if (['ERROR', 'CANCELED', 'BLOCKED', 'DELETED'].includes(state) || (state === 'READY' && problem !== ''))
      throw buildEnded(state, problem, deployment.inspectorUrl ?? pages.deployments);
    if (now() - startedAt > longestMs) throw tooLong(longestMs / 60_000, state, pages.deployments);
    const next = state === 'READY' ? 'its address is being pointed at it' : state.toLowerCase();
    if (next !== note) yield { type: 'progress', done: state === 'READY' ? 1 : 0, total: 2, note: next };
    note = next;
    await sleep(pollMs, { signal });
    signal.throwIfAborted();
    deployment = (await poll(() => vercel.deployment(deployment.id))) ?? deployment;
  }
  yield { type: 'progress', done: 2, total: 2, note: 'visited as a reader would' };
  await visit(access);
  return `deployment ${deployment.id} serves production`;
}

/** The newest deployment, made again when a variable changed since: they count for new deployments only. */
async function currentDeployment(access: WaitTools): Promise<FrontendDeployment> {
  const [newest, variables] = await Promise.all([newestDeployment(access), functionVariables(access)]);
  const expected = variables.find(({ key }) => key === 'DEPLOYMENT_ID')?.value;
  const isCurrent = newest !== null && noteOf(newest)?.ragDeploymentId === expected;
  return isCurrent && newest.state !== 'ERROR' ? newest : deployAgain(access);
}

/** Proves that the address is public. Throws Failure `function-protected` or `function-paused`. */
async function visit(access: WaitTools): Promise<void> {
  const { http, now, sleep, signal, pages } = access;
  const startedAt = now();
  for (;;) {
    const url = await functionUrl(access);
    const seen = url === null ? 'nothing' : await lookAt({ http, signal, url });
    if (seen === 'ours') return;
    const why =
      seen === 'login'
        ? protectedFromReaders(url ?? '', pages.settings)
        : seen === 'paused'
          ? accountPaused((await access.projects.account()).block)
          : null;
    if (why !== null) throw new Failure({ ...why, service: 'vercel' });
    if (now() - startedAt > longestAddressMs)
      throw buildEnded('ready, but its address does not answer', '', pages.deployments);
    await sleep(pollMs, { signal });
    signal.throwIfAborted();
  }
}

/** What a visitor without a token sees. */
async function lookAt({
  http,
  signal,
  url,
}: Pick<FunctionAccess, 'http' | 'signal'> & { url: string }): Promise<
  'ours' | 'login' | 'paused' | 'nothing'
> {
  const request = {
    service: 'vercel',
    what: 'visiting the server',
    url: `${url}/api/live`,
    signal,
    retry: false,
    timeoutMs: visitMs,
  } as const;
  try {
    const { text } = await http.text(request);
    return /"status":\s*"alive"/.test(text) ? 'ours' : 'nothing';
  } catch (error) {
    signal.throwIfAborted();
    const status: unknown = Reflect.get(Object(error), 'status');
    const code: unknown = Reflect.get(Object(error), 'code');
    if (status === 402) return 'paused';
    return status === 401 || status === 403 || code === 'redirected' ? 'login' : 'nothing';
  }
}
