import { isUrlName } from '../variable-names.ts';
import type { DeployedPage } from './read-page.ts';
import { readInlineScripts, readScript, type ScriptStrings, type StringLiteral } from './script-strings.ts';

export type DeployedApiUrl = {
  /** URL of the script, or of the page, that holds the server's host; null when none does. */
  foundIn: string | null;
  /** Variables that the build did not replace, and where: a browser has no `process`. */
  unfilledVariables: readonly { name: string; url: string }[];
  /** Hosts of other Spaces that the scripts would send requests to. */
  otherSpaces: readonly string[];
};

/**
 * Looks for the server's URL in what a browser downloads: the only proof that the build put it there. Text for the
 * reader (a link, a code sample) does not count.
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
  // A large script is parsed only where something can be found.
  const isRelevant = ({ text }: { text: string }): boolean =>
    [host, '.hf.space', 'process.env', 'customFields'].some((sign) => text.includes(sign));
  const parsed = [
    ...page.scripts.filter(isRelevant).map((script) => readScript(script) ?? readUnparsable(script)),
    readInlineScripts(page),
  ];
  const unparsed = page.scripts.filter((script) => !isRelevant(script)).map(({ text }) => text);
  const code = [...parsed.map((script) => script.code), ...unparsed].join('\n');
  const isFieldRead = (name: string): boolean =>
    new RegExp(`(?<![\\w$])${name.replaceAll('$', '\\$')}(?![\\w$])`).test(code);
  const isRequested = ({ text, key, field }: StringLiteral): boolean =>
    /^(?:(?:https?|wss?):)?\/\//.test(text) &&
    !(key !== null && displayKeys.test(key)) &&
    (field === null || isFieldRead(field));
  // Not a longer name with the same beginning.
  const apiUrl = new RegExp(`^(?:(?:https?|wss?):)?//${host.replaceAll('.', '\\.')}(?!\\.?[\\w-])`, 'i');
  const isApiUrl = (literal: StringLiteral): boolean =>
    literal.text === host || (apiUrl.test(literal.text) && isRequested(literal));
  const spaces = parsed.flatMap(({ strings }) =>
    strings.filter(isRequested).flatMap(({ text }) => spaceUrl.exec(text)?.[1]?.toLowerCase() ?? []),
  );
  return {
    foundIn: parsed.find(({ strings }) => strings.some(isApiUrl))?.url ?? null,
    unfilledVariables: parsed.flatMap(({ url, unfilledVariables }) =>
      [...new Set(unfilledVariables)]
        .filter((name) => name === variable || isUrlName(name) || hasPublicPrefix(name))
        .map((name) => ({ name, url })),
    ),
    otherSpaces: [...new Set(spaces)].filter((space) => space !== host),
  };
}

/** The values of these keys are shown to a reader, or are links. */
const displayKeys = /^(?:href|to|src|children|title|description|label|alt|permalink|placeholder)$/;

/** The URL of a Space without a path, or with the path of a server. */
const spaceUrl = /^https?:\/\/([a-z0-9-]+\.hf\.space)(?=$|\/$|\/(?:api|chat|query|ask|v1|health)\b)/i;

const hasPublicPrefix = (name: string): boolean => /^(?:REACT_APP|NEXT_PUBLIC|VITE)_/.test(name);

/** The strings of a script that does not parse, as far as quotes tell. */
function readUnparsable({ url, text }: { url: string; text: string }): ScriptStrings {
  const literals = [...text.matchAll(/(?:\b(\w+)\s*:\s*)?(["'`])(https?:\/\/[^"'`\s]*)\2/g)];
  const variables = [...text.matchAll(/(?<![\w$."'`])process\.env\.(\w+)/g)];
  return {
    url,
    strings: literals.map(([, key = null, , literal = '']) => ({ text: literal, key, field: null })),
    unfilledVariables: variables.map(([, name = '']) => name),
    code: text,
  };
}
