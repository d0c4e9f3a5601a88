import { isAddressName } from './names.ts';
import type { Page } from './page.ts';
import { spokenIn, spokenInPage, type Said, type Spoken } from './spoken.ts';

export type AddressFinding = {
  /** Where the server's host stands: a script's URL, or the page's. Null when it stands nowhere. */
  foundIn: string | null;
  /** Variables of the build that were left as they were, and where: a browser knows no `process`. */
  leftovers: readonly { name: string; url: string }[];
  /** Hosts of other Spaces that the scripts would ask. */
  others: readonly string[];
};

/**
 * Looks for the server's address in what a reader's browser gets: the only proof that the build put it there. Texts to
 * be read, a link or a sample of code, are no address that the page asks at.
 */
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
  // A large script is parsed only where there is something to be found.
  const isTelling = ({ text }: { text: string }): boolean =>
    [host, '.hf.space', 'process.env', 'customFields'].some((one) => text.includes(one));
  const spoken = [
    ...page.scripts.filter(isTelling).map((one) => spokenIn(one) ?? unparsed(one)),
    spokenInPage(page),
  ];
  const silent = page.scripts.filter((one) => !isTelling(one)).map(({ text }) => text);
  const code = [...spoken.map(({ rest }) => rest), ...silent].join('\n');
  const isRead = (name: string): boolean =>
    new RegExp(`(?<![\\w$])${name.replaceAll('$', '\\$')}(?![\\w$])`).test(code);
  const isAsked = ({ text, key, field }: Said): boolean =>
    /^(?:(?:https?|wss?):)?\/\//.test(text) &&
    !(key !== null && read.test(key)) &&
    (field === null || isRead(field));
  // A longer name that ends alike is another host.
  const address = new RegExp(`^(?:(?:https?|wss?):)?//${host.replaceAll('.', '\\.')}(?!\\.?[\\w-])`, 'i');
  const isOurs = (one: Said): boolean => one.text === host || (address.test(one.text) && isAsked(one));
  const others = spoken.flatMap(({ said }) =>
    said.filter(isAsked).flatMap(({ text }) => space.exec(text)?.[1]?.toLowerCase() ?? []),
  );
  return {
    foundIn: spoken.find(({ said }) => said.some(isOurs))?.url ?? null,
    leftovers: spoken.flatMap(({ url, left }) =>
      [...new Set(left)].filter((name) => isTold(name, variable)).map((name) => ({ name, url })),
    ),
    others: [...new Set(others)].filter((other) => other !== host),
  };
}

/** What stands under these is shown to a reader, or leads there. */
const read = /^(?:href|to|src|children|title|description|label|alt|permalink|placeholder)$/;

/** A Space’s address as a whole, or with a server’s path. */
const space = /^https?:\/\/([a-z0-9-]+\.hf\.space)(?=$|\/$|\/(?:api|chat|query|ask|v1|health)\b)/i;

function isTold(name: string, variable: string): boolean {
  return name === variable || isAddressName(name) || /^(?:REACT_APP|NEXT_PUBLIC|VITE)_/.test(name);
}

/** Of a script that no parser takes: its strings, as far as quotes tell. */
function unparsed({ url, text }: { url: string; text: string }): Spoken {
  const strings = [...text.matchAll(/(?:\b(\w+)\s*:\s*)?(["'`])(https?:\/\/[^"'`\s]*)\2/g)];
  const left = [...text.matchAll(/(?<![\w$."'`])process\.env\.(\w+)/g)].map(([, name = '']) => name);
  return {
    url,
    said: strings.map(([, key = null, , one = '']) => ({ text: one, key, field: null })),
    left,
    rest: text,
  };
}
