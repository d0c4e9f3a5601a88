import { isAddressName } from './names.ts';
import type { Page } from './page.ts';
import { withoutUnreadFields } from './unread-fields.ts';

export type AddressFinding = {
  /** Where the server's host stands: a script's URL, or the page's. Null when it stands nowhere. */
  foundIn: string | null;
  /** Variables of the build that were left as they were, and where: a browser knows no `process`. */
  leftovers: readonly { name: string; url: string }[];
  /** Hosts of other Spaces that the scripts would ask. */
  others: readonly string[];
};

/** Looks for the server's address in what a reader's browser gets: the only proof that the build put it there. */
export function findAddress({
  page,
  apiOrigin,
  variable,
}: {
  page: Page;
  apiOrigin: string;
  variable: string;
}): AddressFinding {
  const { host } = new URL(apiOrigin);
  // A longer name that ends or begins alike is another host.
  const address = new RegExp(`(?<![\\w.-])${host.replaceAll('.', '\\.')}(?!\\.?[\\w-])`, 'i');
  const texts = withoutUnreadFields([...page.scripts, { url: page.url, text: page.html }]);
  const others = texts.flatMap(({ text }) =>
    [...text.matchAll(asked)].map(([, found = '']) => found.toLowerCase()),
  );
  return {
    foundIn: texts.find(({ text }) => address.test(text))?.url ?? null,
    leftovers: texts.flatMap(({ url, text }) => leftoversIn(text, variable).map((name) => ({ name, url }))),
    others: [...new Set(others)].filter((other) => other !== host),
  };
}

/** A Space's address as a whole string or with a server's path; one that is linked to, or within a sentence, is read. */
const asked =
  /(?<!\b(?:href|to|src)\s*[:=]\s*)["'`]https?:\/\/([a-z0-9-]+\.hf\.space)(?=["'`]|\/["'`]|\/(?:api|chat|query|ask|v1|health)\b)/gi;

function leftoversIn(text: string, variable: string): string[] {
  const names = [...text.matchAll(/(?<![\w$.])process\.env(?:\.|\[["'])(\w+)/g)].map(([, name = '']) => name);
  const isTold = (name: string): boolean =>
    name === variable || isAddressName(name) || /^(?:REACT_APP|NEXT_PUBLIC|VITE)_/.test(name);
  return [...new Set(names)].filter(isTold);
}
