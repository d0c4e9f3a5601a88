import type { Deployment } from '../model/run/event.ts';
import type { RunContext } from './context.ts';
import { frontendOrigins } from './frontend/allowed-origins.ts';
import { readHealth } from './server/health.ts';
import { serverUrl } from './server/server-url.ts';

/** What exists at the end of a run, also of one that failed half way. */
export async function readDeployment({ context }: { context: RunContext }): Promise<Deployment> {
  const [url, frontend] = await Promise.all([serverUrl(context), frontendOrigins(context)]);
  const health = url === null ? null : await readHealth(context, url);
  const space = context.settings.apiUrl === null ? context.target.space : null;
  return { space, url, health: health?.status ?? 'unknown', frontend: frontend.main };
}
