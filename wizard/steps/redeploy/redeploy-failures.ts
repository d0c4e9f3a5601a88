import * as z from 'zod';
import { HttpFailure } from '../../clients/http-failure.ts';
import type { FrontendDeployment } from '../../clients/vercel-schemas.ts';
import { Failure } from '../../model/failure.ts';

/** `{"error":{"code","message","limit":{"remaining","reset","resetMs","total"}}}`; `reset` in seconds since 1970. */
const limitError = z.looseObject({
  error: z.looseObject({
    message: z.string().nullish(),
    limit: z.looseObject({ reset: z.number().nullish() }).nullish(),
  }),
});

/** Explains Vercel's refusal to rebuild a deployment; any other error is returned unchanged. */
export function redeployFailure(
  error: unknown,
  { ready, isByGit }: { ready: FrontendDeployment; isByGit: boolean },
): unknown {
  if (!(error instanceof HttpFailure)) return error;
  if (error.status === 402 || error.status === 429) return overLimit(error);
  const isGone =
    error.status === 404 ||
    error.status === 410 ||
    (error.status === 400 && /delet|prun|retention|no longer|expired/i.test(error.bodyText));
  return isGone ? pruned(ready, { isByGit, cause: error }) : error;
}

function overLimit(cause: HttpFailure): Failure {
  const { error } = limitError.safeParse(cause.data).data ?? {};
  const reset = error?.limit?.reset ?? null;
  const when = reset === null ? 'Wait some hours' : `Wait until ${new Date(reset * 1000).toISOString()}`;
  return new Failure({
    code: 'frontend-limit',
    service: 'vercel',
    message: `Vercel builds nothing more for now, a limit of the plan is reached (${cause.status}): ${error?.message ?? 'it gives no reason'}.`,
    remedy: `${when}, or upgrade the plan at https://vercel.com/account/billing, then run again: the variable is set, only the deployment is missing.`,
    cause,
  });
}

/** Vercel deletes old deployments, with their sources, after a time that the project's settings name. */
function pruned(
  { id }: FrontendDeployment,
  { isByGit, cause }: { isByGit: boolean; cause: HttpFailure },
): Failure {
  return new Failure({
    code: 'frontend-pruned',
    service: 'vercel',
    message: `Vercel no longer keeps what deployment ${id} was built from, so it cannot be rebuilt.`,
    remedy: isByGit
      ? 'Push a commit to the production branch (git commit --allow-empty -m "Rebuild the book" && git push), then run again.'
      : 'Run again with --frontend DIR, the site’s folder: it is deployed from there.',
    cause,
  });
}
