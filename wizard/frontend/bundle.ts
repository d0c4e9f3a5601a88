import { usesOf } from './flow.ts';
import { meaningOf, type Meaning } from './meaning.ts';
import { isAddressName, usualVariable } from './names.ts';
import type { Page } from './page.ts';
import type { SourceFile } from './source.ts';

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
  const files: SourceFile[] = [...page.scripts, { url: page.url, text: page.html }].map(({ url, text }) => ({
    path: url,
    text,
    code: text,
    texts: null,
  }));
  for (const file of files) {
    for (const match of file.text.matchAll(/process\.env(?:\.|\[["'])(\w+)/g)) {
      const name = match[1] ?? '';
      if (!isAddressName(name)) continue;
      const uses = usesOf([file], { file, start: match.index, end: match.index + match[0].length });
      const meaning = uses.length > 0 ? meaningOf(uses, null) : valueMeaning(null);
      return { variable: name, meaning, why: `${file.path} still says process.env.${name}`, isSure: true };
    }
  }
  const named = variables.filter(({ key }) => isAddressName(key));
  const inUse = named.filter(
    ({ value }) => value !== null && /^https?:/.test(value) && files.some(({ text }) => text.includes(value)),
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
