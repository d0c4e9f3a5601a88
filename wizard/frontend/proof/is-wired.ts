import { Failure } from '../../model/failure.ts';
import { isSecretName } from '../variable-names.ts';
import { findApiUrl } from './find-api-url.ts';
import type { DeployedPage } from './read-page.ts';

/**
 * Whether the deployed page knows its server, by the names in what a browser downloads: for scripts through which its
 * chat's request cannot be traced. False where it names another Space, too, which any feature of the page may ask.
 *
 * @throws Failure `frontend-not-wired` with the cause.
 */
export function isWired({
  page,
  api,
  variable,
  hasSource,
}: {
  page: DeployedPage;
  /** Origin of the server. */
  api: string;
  variable: string;
  /** Whether the site's folder was given: then no remedy asks for it. */
  hasSource: boolean;
}): boolean {
  const { foundIn, unfilledVariables, otherSpaces } = findApiUrl({ page, apiOrigin: api, variable });
  const isNamed = foundIn !== null;
  // Beside the server's address, another variable is another feature's.
  const unfilled = unfilledVariables.find(({ name }) => name === variable || !isNamed);
  if (unfilled !== undefined) throw unfilledVariable(unfilled, { hasSource });
  if (isNamed) return otherSpaces.length === 0;
  const instead = otherSpaces.length === 0 ? '' : `; it names ${otherSpaces.join(', ')} instead`;
  throw notWired({
    reason: `${new URL(api).host} is not in ${page.url} or its scripts${instead}`,
    variable,
    hasSource,
  });
}

/** Failure `frontend-not-wired` of a page with a variable that its build did not replace. */
export function unfilledVariable(
  { name, url }: { name: string; url: string },
  { hasSource }: { hasSource: boolean },
): Failure {
  if (isSecretName(name))
    return notWired({
      reason: `${url} reads process.env.${name} before it asks, which no browser has`,
      variable: name,
      hasSource,
      remedy: `Take process.env.${name} out of what the chat sends: whatever a build puts into the pages, every reader can read. Push, and run again.`,
    });
  const run = hasSource ? 'run again without --yes' : 'run again with --frontend DIR, the site’s folder';
  return notWired({
    reason: `${url} still says process.env.${name}: the site’s build does not fill it in`,
    variable: name,
    hasSource,
    remedy: `Let the build define it: ${run}, and accept the change that is shown; or add a small plugin to docusaurus.config with a DefinePlugin for process.env.${name}, push, and run again.`,
  });
}

/** Failure `frontend-not-wired`; `variable` is the one that the source should read. */
export function notWired({
  reason,
  variable,
  hasSource,
  remedy = lookAtSource(variable, hasSource),
}: {
  reason: string;
  variable: string;
  hasSource: boolean;
  remedy?: string;
}): Failure {
  return new Failure({
    code: 'frontend-not-wired',
    service: 'vercel',
    message: `The server works, but the page does not know its address: ${reason}.`,
    remedy,
  });
}

/** No remedy asks for a flag that was given. */
function lookAtSource(variable: string, hasSource: boolean): string {
  return hasSource
    ? `Make the change that was shown, or let the source read ${variable} where it calls the server; push, and run again.`
    : `Run again with --frontend DIR, the site’s folder: it shows what has to change; or let the source read ${variable} where it calls the server, push, and run again.`;
}

/** Failure `frontend-other-space`: a reader's question may go to another server. */
export function otherServer({ page, others }: { page: DeployedPage; others: readonly string[] }): Failure {
  return new Failure({
    code: 'frontend-other-space',
    service: 'vercel',
    message: `The page at ${page.url} knows its server, but its chat may also ask another one: ${others.join(', ')}.`,
    remedy: `Search the site’s source for ${others[0] ?? ''} and read the same variable there, push, and run again.`,
  });
}
