import type { Page } from './page.ts';

export type AddressFinding = {
  /** Where the server's host stands: a script's URL, or the page's. Null when it stands nowhere. */
  foundIn: string | null;
  /** A script in which `process.env.NAME` was left as it was: the build does not fill it in. */
  leftoverIn: string | null;
  /** Hosts of other Spaces in the page: an address that is written into the source. */
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
  const texts = [...page.scripts, { url: page.url, text: page.html }];
  const others = texts.flatMap(({ text }) =>
    [...text.matchAll(/https?:\/\/([a-z0-9-]+\.hf\.space)\b/gi)].map(([, found = '']) => found.toLowerCase()),
  );
  const leftover = new RegExp(`process\\.env(?:\\.|\\[["'])${variable}\\b`);
  return {
    foundIn: texts.find(({ text }) => address.test(text))?.url ?? null,
    leftoverIn: texts.find(({ text }) => leftover.test(text))?.url ?? null,
    others: [...new Set(others)].filter((other) => other !== host),
  };
}
