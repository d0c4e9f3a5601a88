import { addressesIn } from './addresses.ts';
import { meaningOf, type Meaning } from './meaning.ts';
import { isAddressName, usualVariable } from './names.ts';
import type { Page } from './page.ts';
import { readsIn } from './reads.ts';
import { sourceFile } from './trace/source.ts';
import { createTrace } from './trace/trace.ts';

/** What a deployed site alone tells of how it gets the address. */
export type BundleFinding = {
  variable: string;
  meaning: Meaning;
  /** Why that variable. */
  why: string;
  isSure: boolean;
};

/** Variables of the project, as far as their values may be read. */
export type KnownVariable = { key: string; value: string | null };

/**
 * The variable that a site without its source goes by: one whose name was left in the code, one whose value stands in
 * it, the only one with such a name, or else the usual one. The proof says whether it was right.
 */
export function detectInBundle({
  page,
  variables,
}: {
  page: Page;
  variables: readonly KnownVariable[];
}): BundleFinding {
  const texts = [...page.scripts, { url: page.url, text: page.html }];
  for (const { url, text } of page.scripts) {
    // A large script is parsed only where there is something to be found.
    if (!/process\.env\b/.test(text)) continue;
    const left = leftIn(url, text);
    if (left !== null)
      return { ...left, why: `${url} still says process.env.${left.variable}`, isSure: true };
  }
  const named = variables.filter(({ key }) => isAddressName(key));
  const inUse = named.filter(
    ({ value }) => value !== null && /^https?:/.test(value) && texts.some(({ text }) => text.includes(value)),
  );
  const [first] = inUse.length > 0 ? inUse : named;
  if (first !== undefined && (inUse.length === 1 || named.length === 1)) {
    const why =
      inUse.length === 1
        ? `the value of ${first.key} stands in its pages`
        : `${first.key} is the project’s only variable of that kind`;
    return { variable: first.key, meaning: valueMeaning(first.value), why, isSure: inUse.length === 1 };
  }
  return {
    variable: usualVariable,
    meaning: valueMeaning(null),
    why: 'the pages do not say which',
    isSure: false,
  };
}

/** The variable whose name was left in a script, where the chat's request comes before any other. */
function leftIn(url: string, text: string): Pick<BundleFinding, 'variable' | 'meaning'> | null {
  const file = sourceFile(url, text, { isBuilt: true });
  if (file === null) return null;
  const trace = createTrace([file]);
  const asked = addressesIn(trace, [file], new Set())
    .filter(({ read }) => read.kind === 'process-env')
    .map(({ read, uses }) => ({ variable: read.name, meaning: meaningOf(uses, read.fallback) }));
  const [first] = asked.toSorted((a, b) => Number(b.meaning.isSure) - Number(a.meaning.isSure));
  if (first !== undefined) return first;
  const idle = readsIn(file).find(({ kind, name }) => kind === 'process-env' && isAddressName(name));
  return idle === undefined ? null : { variable: idle.name, meaning: valueMeaning(null) };
}

/** What a value that is there stands for. */
function valueMeaning(value: string | null): Meaning {
  const path = value !== null && URL.canParse(value) ? new URL(value).pathname.replace(/\/+$/, '') : '';
  const known = ['/api/chat', '/api'].find((one) => path === one) ?? '';
  return {
    path: known,
    isSure: known === path && value !== null,
    why: value === null ? 'no value says otherwise' : `its value ends in ${path || 'its host'}`,
  };
}
