import type { Deployment } from '../model/event.ts';
import { healthAt } from '../steps/await-health.ts';
import type { RunContext } from '../steps/context.ts';
import { hostOf } from '../steps/host.ts';
import { frontendOrigins } from '../steps/origins.ts';

/** What stands now, asked anew: for the end of a run, also of one that failed half way. */
export async function observe({ context }: { context: RunContext }): Promise<Deployment> {
  const [url, frontend] = await Promise.all([hostOf(context), frontendOrigins(context)]);
  const health = url === null ? null : await healthAt(context, url);
  const space = context.settings.apiUrl === null ? context.target.space : null;
  return { space, url, health: health?.status ?? 'unknown', frontend: frontend.main };
}
