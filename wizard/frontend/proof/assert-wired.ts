import { Failure } from '../../model/failure.ts';
import { findApiUrl } from './find-api-url.ts';
import type { DeployedPage } from './read-page.ts';

/**
 * Whether the page knows its server, from what a browser gets.
 *
 * @throws Failure `frontend-not-wired` with the cause, or `frontend-other-space`.
 */
export function assertWired({
  page,
  api,
  variable,
  isHandedOn,
}: {
  page: DeployedPage;
  /** Origin of the server. */
  api: string;
  variable: string;
  /** Whether the page's own `/api` answers for the server. */
  isHandedOn: boolean;
}): void {
  const { foundIn, leftovers, others } = findApiUrl({ page, apiOrigin: api, variable });
  const [leftover] = leftovers;
  if (leftover !== undefined) {
    const { name, url } = leftover;
    throw notWired({
      why: `${url} still says process.env.${name}: the site’s build does not fill it in`,
      remedy: `Let the build define it: run again with --frontend DIR, the site’s folder, and accept the change that is shown; or add a small plugin to docusaurus.config with a DefinePlugin for process.env.${name}, push, and run again.`,
    });
  }
  if (others.length > 0 && (foundIn !== null || isHandedOn)) throw otherSpace({ page, others });
  if (foundIn !== null || isHandedOn) return;
  const instead = others.length === 0 ? '' : `; it names ${others.join(', ')} instead`;
  throw notWired({
    why: `${new URL(api).host} stands nowhere in ${page.url} and its scripts${instead}`,
    remedy: `Run again with --frontend DIR, the site’s folder: it shows what has to change; or let the source read ${variable} where it calls the server, push, and run again.`,
  });
}

function notWired({ why, remedy }: { why: string; remedy: string }): Failure {
  return new Failure({
    code: 'frontend-not-wired',
    service: 'vercel',
    message: `The server works, but the page does not know its address: ${why}.`,
    remedy,
  });
}

function otherSpace({ page, others }: { page: DeployedPage; others: readonly string[] }): Failure {
  return new Failure({
    code: 'frontend-other-space',
    service: 'vercel',
    message: `The page at ${page.url} knows its server, and also asks another Space: ${others.join(', ')}.`,
    remedy: `Search the site’s source for ${others[0] ?? ''} and let it read the same variable; run again with --frontend DIR to be shown the places.`,
  });
}
