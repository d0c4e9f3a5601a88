import { detectApiUrl } from '../detect-api-url/detect-api-url.ts';
import { defaultVariable } from '../framework.ts';
import { isUrlName } from '../variable-names.ts';
import type { DeployedPage } from './read-page.ts';

/** The variable that sets the API's URL, and what follows the server's origin in its value. */
export type BundleFinding = { variable: string; path: string };

/** A variable of the Vercel project; `value` is null where it may not be read. */
export type ProjectVariable = { key: string; value: string | null };

/**
 * The variable that a deployed site uses, without its source: one that the build left in the code, else the only one
 * whose value is in the pages, else the only one with such a name, else the default. Only the proof shows whether it
 * was right.
 */
export function detectInBundle({
  page,
  variables,
}: {
  page: DeployedPage;
  variables: readonly ProjectVariable[];
}): BundleFinding {
  for (const script of page.scripts) {
    const unfilled = unfilledVariableIn(script, new URL(page.url));
    if (unfilled !== null) return unfilled;
  }
  const texts = [...page.scripts.map(({ text }) => text), page.html];
  const candidates = variables.filter(({ key }) => isUrlName(key));
  const inUse = candidates.filter(
    ({ value }) => value !== null && /^https?:/.test(value) && texts.some((text) => text.includes(value)),
  );
  const [variable, ...others] = inUse.length > 0 ? inUse : candidates;
  return variable !== undefined && others.length === 0
    ? { variable: variable.key, path: pathOfValue(variable.value) }
    : { variable: defaultVariable, path: '' };
}

/** A variable whose name is still in a script: that of a request, else any with such a name. */
function unfilledVariableIn({ url, text }: { url: string; text: string }, page: URL): BundleFinding | null {
  // A large script is parsed only where something can be found.
  if (!/process\.env\b/.test(text)) return null;
  const { findings, sources } = detectApiUrl(new Map([[url, text]]), { page });
  const requested = findings.find(({ source }) => source.kind === 'process-env');
  if (requested !== undefined) return { variable: requested.source.name, path: requested.suffix.path };
  const unused = sources.find(({ kind, name }) => kind === 'process-env' && isUrlName(name));
  return unused === undefined ? null : { variable: unused.name, path: '' };
}

/** The path of a value, where it is one that this tool would set. */
function pathOfValue(value: string | null): string {
  const path = value !== null && URL.canParse(value) ? new URL(value).pathname.replace(/\/+$/, '') : '';
  return ['/api/chat', '/api'].includes(path) ? path : '';
}
