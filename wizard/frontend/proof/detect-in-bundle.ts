import { requestedUrls } from '../detect-api-url/request-urls.ts';
import { urlSuffixOf, type UrlSuffix } from '../detect-api-url/url-suffix.ts';
import { isUrlName, defaultVariable } from '../framework.ts';
import type { DeployedPage } from './read-page.ts';
import { envReferencesIn } from '../detect-api-url/url-source.ts';
import { parseSourceFile } from '../../../javascript/source-file.ts';
import { createTracer } from '../detect-api-url/trace/trace.ts';

/** What a deployed site alone tells of how it gets the address. */
export type BundleFinding = {
  variable: string;
  meaning: UrlSuffix;
  /** Why that variable. */
  why: string;
  isSure: boolean;
};

/** Variables of the project, as far as their values may be read. */
export type ProjectVariable = { key: string; value: string | null };

/**
 * The variable that a site without its source goes by: one whose name was left in the code, one whose value stands in
 * it, the only one with such a name, or else the usual one. The proof says whether it was right.
 */
export function detectInBundle({
  page,
  variables,
}: {
  page: DeployedPage;
  variables: readonly ProjectVariable[];
}): BundleFinding {
  const texts = [...page.scripts, { url: page.url, text: page.html }];
  for (const { url, text } of page.scripts) {
    // A large script is parsed only where there is something to be found.
    if (!/process\.env\b/.test(text)) continue;
    const left = unfilledVariableIn(url, text);
    if (left !== null)
      return { ...left, why: `${url} still says process.env.${left.variable}`, isSure: true };
  }
  const named = variables.filter(({ key }) => isUrlName(key));
  const inUse = named.filter(
    ({ value }) => value !== null && /^https?:/.test(value) && texts.some(({ text }) => text.includes(value)),
  );
  const [first] = inUse.length > 0 ? inUse : named;
  if (first !== undefined && (inUse.length === 1 || named.length === 1)) {
    const why =
      inUse.length === 1
        ? `the value of ${first.key} stands in its pages`
        : `${first.key} is the project’s only variable of that kind`;
    return { variable: first.key, meaning: suffixOfValue(first.value), why, isSure: inUse.length === 1 };
  }
  return {
    variable: defaultVariable,
    meaning: suffixOfValue(null),
    why: 'the pages do not say which',
    isSure: false,
  };
}

/** The variable whose name was left in a script, where the chat's request comes before any other. */
function unfilledVariableIn(url: string, text: string): Pick<BundleFinding, 'variable' | 'meaning'> | null {
  const file = parseSourceFile(url, text, { isBuilt: true });
  if (file === null) return null;
  const trace = createTracer([file]);
  const asked = requestedUrls(trace, [file], new Set())
    .filter(({ source: read }) => read.kind === 'process-env')
    .map(({ source: read, uses }) => ({ variable: read.name, meaning: urlSuffixOf(uses, read.fallback) }));
  const [first] = asked.toSorted((a, b) => Number(b.meaning.isSure) - Number(a.meaning.isSure));
  if (first !== undefined) return first;
  const idle = envReferencesIn(file).find(({ kind, name }) => kind === 'process-env' && isUrlName(name));
  return idle === undefined ? null : { variable: idle.name, meaning: suffixOfValue(null) };
}

/** What a value that is there stands for. */
function suffixOfValue(value: string | null): UrlSuffix {
  const path = value !== null && URL.canParse(value) ? new URL(value).pathname.replace(/\/+$/, '') : '';
  const known = ['/api/chat', '/api'].find((one) => path === one) ?? '';
  return {
    path: known,
    isSure: known === path && value !== null,
    why: value === null ? 'no value says otherwise' : `its value ends in ${path || 'its host'}`,
  };
}
