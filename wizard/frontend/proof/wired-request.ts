import type { Http } from '../../clients/http.ts';
import type { ChatContract } from '../../model/chat-contract.ts';
import type { RequestOfPage } from './ask-as-page.ts';
import { isWired, notWired, otherServer, unfilledVariable } from './is-wired.ts';
import { canonicalContract, isComplete } from './canonical-contract.ts';
import { readDeployedChat, type ChatAddress, type DeployedChat } from './deployed-chat.ts';
import { chatLine } from './page-urls.ts';
import { withLinkedPages, type DeployedPage } from './read-page.ts';

type WiringCheck = {
  page: DeployedPage;
  /** Origin of the server. */
  api: string;
  variable: string;
  /** What the site's source shows, and what the value of its variable has after the origin; null where nothing does. */
  source: { contract: ChatContract; path: string; isSameOrigin: boolean } | null;
  /** Whether the site's folder was given. */
  hasSource: boolean;
  http: Http;
  signal: AbortSignal;
};

/**
 * How the chat of a deployed page asks the server: by its bundle, else by the site's source. Null where neither shows
 * how it asks or reads the answer, although the page knows the server.
 *
 * @throws Failure `frontend-not-wired` where a reader's browser would ask another server or none, and
 * `frontend-other-space` where it would ask another one too.
 */
export async function findWiredRequest(check: WiringCheck): Promise<RequestOfPage | null> {
  const { http, signal } = check;
  const widget = widgetRequest(check);
  if (widget !== null) return widget;
  const chat = readDeployedChat(check.page);
  if (chat !== null) return requestOf(chat, check);
  const page = await withLinkedPages({ page: check.page, http, signal });
  const linked = readDeployedChat(page);
  return linked === null ? requestByNames({ ...check, page }) : requestOf(linked, { ...check, page });
}

/** How the server's own chat asks, where the page has its line; null where it has none. */
function widgetRequest({ page, api, variable, hasSource }: WiringCheck): RequestOfPage | null {
  const line = chatLine(page);
  if (line === null) return null;
  const { server, loader } = line;
  // A site that answers every path with its first page has the line without the file.
  const isLoaded = page.scripts.some(({ url, text }) => url === loader && text.includes('book-chat'));
  if (!isLoaded)
    throw notWired({
      reason: `its line names ${loader}, which is not the chat’s loader`,
      variable,
      hasSource,
    });
  if (new URL(server, page.url).origin !== new URL(api).origin)
    throw notWired({
      reason: `its chat asks ${server}, which is not ${new URL(api).host}`,
      variable,
      hasSource,
    });
  const { origin } = new URL(page.url);
  return { url: joinPath(api, canonicalContract.path), origin, contract: canonicalContract };
}

function requestOf(chat: DeployedChat, check: WiringCheck): RequestOfPage | null {
  const { page, api, variable, source } = check;
  if (!chat.isCertain && source !== null) return requestByNames(check);
  const [unfilled] = chat.unfilledVariables;
  if (unfilled !== undefined) throw unfilledVariable(unfilled, check);
  const { origin } = new URL(page.url);
  const isOurs = ({ url }: ChatAddress): boolean =>
    [new URL(api).origin, origin].includes(new URL(url).origin);
  const ours = chat.addresses.filter(isOurs);
  const foreign = [...new Set(chat.addresses.filter((address) => !isOurs(address)).map(({ url }) => url))];
  if (foreign.length > 0 && ours.length > 0) throw otherServer({ page, others: foreign });
  if (foreign.length > 0)
    throw notWired({
      reason: `its chat asks ${foreign.join(', ')}, which is not ${new URL(api).host}`,
      variable,
      hasSource: check.hasSource,
    });
  const [address] = ours.filter(({ isChat }) => isChat).toSorted((a, b) => selections(a) - selections(b));
  // Its value is not in the scripts as the code reads it.
  if (address === undefined) return requestByNames(check);
  const contract = mergeContracts(address.contract, source?.contract ?? null);
  if (contract === null) return null;
  const path = address.contract === null ? contract.path : '';
  return { url: joinPath(address.url, path), origin, contract };
}

/** A request that needs a selected text cannot be asked without one. */
function selections({ contract }: ChatAddress): number {
  return contract?.body.filter(({ role }) => role === 'selection').length ?? 0;
}

/** The bundle's contract, with what only the source shows. */
function mergeContracts(bundle: ChatContract | null, source: ChatContract | null): ChatContract | null {
  if (bundle !== null && isComplete(bundle)) return bundle;
  if (source === null || !isComplete(source)) return null;
  return bundle === null || bundle.path === source.path ? source : { ...source, path: bundle.path };
}

/** Where the chat cannot be traced through the scripts: by the names of servers in them, and by the source. */
function requestByNames({ page, api, variable, source, hasSource }: WiringCheck): RequestOfPage | null {
  const { origin } = new URL(page.url);
  // The request itself shows whether a rule forwards it.
  if (source?.isSameOrigin !== true && !isWired({ page, api, variable, hasSource })) return null;
  if (source === null || !isComplete(source.contract)) return null;
  const { contract, path, isSameOrigin } = source;
  const base = joinPath(isSameOrigin ? origin : api, path);
  return { url: joinPath(base, contract.path), origin, contract };
}

function joinPath(base: string, path: string): string {
  return path === '' ? base : base.replace(/\/$/, '') + (path.startsWith('/') ? path : `/${path}`);
}
