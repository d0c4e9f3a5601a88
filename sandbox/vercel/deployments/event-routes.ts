import { setTimeout as sleep } from 'node:timers/promises';
import type { RouteCall, RouteReply } from '../../exchange/serve-routes.ts';
import type { Access, GuardedRoute } from '../access.ts';
import { deploymentOf } from './deployment-routes.ts';
import { isOver } from './deployment-stage.ts';
import { buildLogLines } from '../views.ts';
import type { SandboxDeployment, VercelState } from '../state.ts';

const pollMs = 20;
/** Polls between keep-alive lines, which have no `created`. */
const keepAliveEvery = 25;

/** A build's log: an array, or with `follow=1` one JSON object per line until the deployment is final. */
export function eventRoutes(state: VercelState): GuardedRoute[] {
  const handle = (call: RouteCall, access: Access): RouteReply => {
    const { deployment } = deploymentOf(state, { access, idOrUrl: call.params['deployment'] ?? '' });
    if (!['1', 'true'].includes(call.query.get('follow') ?? '')) {
      return {
        json: buildLogLines(deployment, state.now()).map((line, at) =>
          eventView(state, { deployment, line, at }),
        ),
      };
    }
    return {
      headers: { 'content-type': 'application/stream+json' },
      stream: followEvents(state, { deployment, signal: call.signal }),
    };
  };
  return ['/v2/deployments', '/v3/deployments', '/v3/now/deployments'].map((path) => ({
    method: 'GET',
    path: `${path}/:deployment/events`,
    name: 'events',
    handle,
  }));
}

async function* followEvents(
  state: VercelState,
  { deployment, signal }: { deployment: SandboxDeployment; signal: AbortSignal },
): AsyncGenerator<string> {
  let sent = 0;
  for (let tick = 0; !signal.aborted; tick += 1) {
    // Read the clock once, or the last line could be missed.
    const now = state.now();
    const lines = buildLogLines(deployment, now);
    for (const [at, line] of lines.entries()) {
      if (at >= sent) yield `${JSON.stringify(eventView(state, { deployment, line, at }))}\n`;
    }
    sent = lines.length;
    if (isOver(deployment, now)) return;
    if (tick % keepAliveEvery === 0) yield '{}\n';
    await sleep(pollMs, undefined, { signal }).catch(() => undefined);
  }
}

/** Vercel has two formats: the text in a `payload`, or flat beside the type. */
function eventView(
  state: VercelState,
  {
    deployment,
    line,
    at,
  }: { deployment: SandboxDeployment; line: ReturnType<typeof buildLogLines>[number]; at: number },
): object {
  const created = Math.round(line.at);
  const id = `${created}${String(at).padStart(6, '0')}`;
  const isFlat = state.eventShape === 'flat' || (state.eventShape === 'mixed' && at % 2 === 1);
  const level = line.type === 'stderr' ? { level: 'error' } : {};
  if (isFlat) return { type: line.type, created, text: line.text, id, serial: id, ...level };
  const info = { type: 'build', name: 'bld', entrypoint: '.' };
  return {
    type: line.type,
    created,
    payload: { deploymentId: deployment.id, id, serial: id, date: created, text: line.text, info },
  };
}
