import { isUrlName } from '../framework.ts';
import type { DeployedPage } from './read-page.ts';
import { readScript, readInlineScripts, type StringLiteral, type ScriptStrings } from './string-literals.ts';

export type DeployedApiUrl = {
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
export function findApiUrl({
  page,
  apiOrigin,
  variable,
}: {
  page: DeployedPage;
  apiOrigin: string;
  variable: string;
}): DeployedApiUrl {
  const { host } = new URL(apiOrigin);
  // A large script is parsed only where there is something to be found.
  const isTelling = ({ text }: { text: string }): boolean =>
    [host, '.hf.space', 'process.env', 'customFields'].some((one) => text.includes(one));
  const spoken = [
    ...page.scripts.filter(isTelling).map((one) => readScript(one) ?? readUnparsable(one)),
    readInlineScripts(page),
  ];
  const silent = page.scripts.filter((one) => !isTelling(one)).map(({ text }) => text);
  const code = [...spoken.map(({ rest }) => rest), ...silent].join('\n');
  const isRead = (name: string): boolean =>
    new RegExp(`(?<![\\w$])${name.replaceAll('$', '\\$')}(?![\\w$])`).test(code);
  const isAsked = ({ text, key, field }: StringLiteral): boolean =>
    /^(?:(?:https?|wss?):)?\/\//.test(text) &&
    !(key !== null && displayKeys.test(key)) &&
    (field === null || isRead(field));
  // A longer name that ends alike is another host.
  const address = new RegExp(`^(?:(?:https?|wss?):)?//${host.replaceAll('.', '\\.')}(?!\\.?[\\w-])`, 'i');
  const isOurs = (one: StringLiteral): boolean =>
    one.text === host || (address.test(one.text) && isAsked(one));
  const others = spoken.flatMap(({ said }) =>
    said.filter(isAsked).flatMap(({ text }) => spaceUrl.exec(text)?.[1]?.toLowerCase() ?? []),
  );
  return {
    foundIn: spoken.find(({ said }) => said.some(isOurs))?.url ?? null,
    leftovers: spoken.flatMap(({ url, left }) =>
      [...new Set(left)].filter((name) => isRelevantVariable(name, variable)).map((name) => ({ name, url })),
    ),
    others: [...new Set(others)].filter((other) => other !== host),
  };
}

/** What stands under these is shown to a reader, or leads there. */
const displayKeys = /^(?:href|to|src|children|title|description|label|alt|permalink|placeholder)$/;

/** A Space’s address as a whole, or with a server’s path. */
const spaceUrl = /^https?:\/\/([a-z0-9-]+\.hf\.space)(?=$|\/$|\/(?:api|chat|query|ask|v1|health)\b)/i;

function isRelevantVariable(name: string, variable: string): boolean {
  return name === variable || isUrlName(name) || /^(?:REACT_APP|NEXT_PUBLIC|VITE)_/.test(name);
}

/** Of a script that no parser takes: its strings, as far as quotes tell. */
function readUnparsable({ url, text }: { url: string; text: string }): ScriptStrings {
  const strings = [...text.matchAll(/(?:\b(\w+)\s*:\s*)?(["'`])(https?:\/\/[^"'`\s]*)\2/g)];
  const left = [...text.matchAll(/(?<![\w$."'`])process\.env\.(\w+)/g)].map(([, name = '']) => name);
  return {
    url,
    said: strings.map(([, key = null, , one = '']) => ({ text: one, key, field: null })),
    left,
    rest: text,
  };
}
