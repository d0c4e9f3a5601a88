import { setTimeout as sleep } from 'node:timers/promises';
import { deploymentOf } from '../deployments/deployment-routes.ts';
import type { GuardedRoute } from '../access.ts';
import { notFound } from '../errors.ts';
import type { VercelState } from '../state.ts';

const pollMs = 50;
/** Vercel keeps a free account's logs for an hour. */
const keptMs = 3_600_000;

/** What a deployment's function prints, a JSON object per line, as it comes. */
export function runtimeLogRoutes(state: VercelState): GuardedRoute[] {
  return [
    {
      method: 'GET',
      path: '/v1/projects/:project/deployments/:deployment/runtime-logs',
      name: 'runtime-logs',
      handle: (call, access) => {
        const { deployment } = deploymentOf(state, { access, idOrUrl: call.params['deployment'] ?? '' });
        const host = deployment.functionHost;
        if (host === null) throw notFound('Deployment');
        async function* lines(): AsyncGenerator<string> {
          for (let sent = 0; !call.signal.aborted; await sleep(pollMs)) {
            for (const { at, text } of host?.log().slice(sent) ?? []) {
              sent += 1;
              if (state.now() - at > keptMs) continue;
              const entry = {
                level: 'info',
                message: text,
                timestampInMs: at,
                source: 'serverless',
                rowId: `${at}-${sent}`,
              };
              yield `${JSON.stringify(entry)}\n`;
            }
          }
        }
        return { headers: { 'content-type': 'application/stream+json' }, stream: lines() };
      },
    },
  ];
}
