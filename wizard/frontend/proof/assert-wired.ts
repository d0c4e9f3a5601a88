import { Failure } from '../../model/failure.ts';
import { findApiUrl } from './find-api-url.ts';
import type { DeployedPage } from './read-page.ts';

/**
 * Asserts that the deployed page knows its server, from what a browser downloads.
 *
 * @throws Failure `frontend-not-wired` with the cause, or `frontend-other-space`.
 */
export function assertWired({
  page,
  api,
  variable,
  isProxied,
}: {
  page: DeployedPage;
  /** Origin of the server. */
  api: string;
  variable: string;
  /** Whether the page's own `/api` reaches the server. */
  isProxied: boolean;
}): void {
  const { foundIn, unfilledVariables, otherSpaces } = findApiUrl({ page, apiOrigin: api, variable });
  const [unfilled] = unfilledVariables;
  if (unfilled !== undefined) {
    const { name, url } = unfilled;
    throw notWired({
      reason: `${url} still says process.env.${name}: the site’s build does not fill it in`,
      remedy: `Let the build define it: run again with --frontend DIR, the site’s folder, and accept the change that is shown; or add a small plugin to docusaurus.config with a DefinePlugin for process.env.${name}, push, and run again.`,
    });
  }
  const isWired = foundIn !== null || isProxied;
  if (otherSpaces.length > 0 && isWired) throw otherSpace({ page, otherSpaces });
  if (isWired) return;
  const instead = otherSpaces.length === 0 ? '' : `; it names ${otherSpaces.join(', ')} instead`;
  throw notWired({
    reason: `${new URL(api).host} is not in ${page.url} or its scripts${instead}`,
    remedy: `Run again with --frontend DIR, the site’s folder: it shows what has to change; or let the source read ${variable} where it calls the server, push, and run again.`,
  });
}

function notWired({ reason, remedy }: { reason: string; remedy: string }): Failure {
  return new Failure({
    code: 'frontend-not-wired',
    service: 'vercel',
    message: `The server works, but the page does not know its address: ${reason}.`,
    remedy,
  });
}

function otherSpace({ page, otherSpaces }: { page: DeployedPage; otherSpaces: readonly string[] }): Failure {
  return new Failure({
    code: 'frontend-other-space',
    service: 'vercel',
    message: `The page at ${page.url} knows its server, but it also asks another Space: ${otherSpaces.join(', ')}.`,
    remedy: `Search the site’s source for ${otherSpaces[0] ?? ''} and read the same variable there; run again with --frontend DIR to see the places.`,
  });
}
