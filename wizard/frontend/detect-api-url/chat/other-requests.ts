import type { ApiUrlFinding, OtherRequest } from '../api-url-detection.ts';
import type { RequestedUrl, UrlUse } from '../find-requested-urls.ts';
import { originOf, pathOfUrl } from '../../url-source.ts';
import { isChatPath, isNeverChat, isSessionPath } from './chat-path.ts';

/** A URL of the pages, with the requests that are sent to it. */
export type FindingWithUses = { finding: ApiUrlFinding; uses: readonly UrlUse[] };

/** What the pages ask of the chat's variable or origin beside the chat, a line each. */
export function otherRequests(
  all: readonly FindingWithUses[],
  chat: readonly ApiUrlFinding[],
): OtherRequest[] {
  const keys = new Set(chat.map(addressOf));
  const requests = all
    .filter(({ finding }) => keys.has(addressOf(finding)))
    .flatMap(({ finding, uses }) =>
      uses.map((use) => ({
        ...use,
        address: addressOf(finding),
        path: (finding.source.kind === 'written-in' ? pathOfUrl(finding.source.name) : '') + use.path,
      })),
    )
    .filter((use) => !isQuestion(use))
    .map(({ address, method, path, location, call }): OtherRequest => {
      return { address, method, path, place: location, isAnswered: isServed(method, path), call };
    });
  const keyOf = ({ address, method, path, place }: OtherRequest): string =>
    `${address} ${method} ${path} ${place.file}:${place.line}`;
  const distinct = [...new Map(requests.map((request) => [keyOf(request), request])).values()];
  return distinct.toSorted(({ place: a }, { place: b }) => a.file.localeCompare(b.file) || a.line - b.line);
}

/** The variable, or the origin of a literal; requests to either move together. */
function addressOf({ variable, source }: ApiUrlFinding): string {
  return variable ?? originOf(source.name) ?? (source.kind === 'same-origin' ? '/' : source.name);
}

/** The calls that send a question to a URL. */
export function questionCalls({ source, uses }: RequestedUrl): readonly UrlUse['call'][] {
  const ownPath = source.kind === 'written-in' ? pathOfUrl(source.name) : '';
  return uses.filter((use) => isQuestion({ ...use, path: ownPath + use.path })).map(({ call }) => call);
}

/** A `POST` to a chat's path may ask with a body that is not visible. */
function isQuestion({ asksQuestion, path, method, requests }: UrlUse): boolean {
  if (isNeverChat(path)) return false;
  const mayAsk = method === 'POST' && isChatPath(path) && requests.every(({ body }) => body === null);
  return asksQuestion || mayAsk;
}

/** Whether the server answers a request that asks no question: docs/chat-api.md has its routes. */
function isServed(method: string, path: string): boolean {
  if (isNeverChat(path)) return false;
  if (method === 'POST') return isSessionPath(path);
  return (
    method === 'GET' && /^\/+(?:(?:api\/+)?(?:v1\/+)?health|api\/+(?:live|conversation\/.*))\/*$/.test(path)
  );
}
