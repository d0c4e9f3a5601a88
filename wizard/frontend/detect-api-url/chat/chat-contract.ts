import { functionAround } from '../../../../javascript/function-around.ts';
import type { SourceLocation } from '../../../../javascript/source-file.ts';
import { pathOfUrl } from '../../url-source.ts';
import type { ChatContract } from '../../../model/chat-contract.ts';
import { readContract, type SentRequest } from '../contract/read-contract.ts';
import type { RequestedUrl } from '../find-requested-urls.ts';
import type { Tracer } from '../trace/reference.ts';
import { isChatPath, isNeverChat } from './chat-path.ts';

type ContractReading = { contract: ChatContract | null; contractPlaces: readonly SourceLocation[] };

/**
 * The contract of the chat among the requests to a URL: of those that hold a question, the one that needs no selected
 * text, and whose reply the code shows.
 */
export function chatContract(tracer: Tracer, { source, uses }: RequestedUrl): ContractReading {
  const ownPath = source.kind === 'written-in' ? pathOfUrl(source.name) : '';
  const readings = uses
    .filter(({ path, asksQuestion }) => (asksQuestion ? !isNeverChat(path) : isChatPath(ownPath + path)))
    .flatMap(({ path, requests }) =>
      distinctRequests(requests).flatMap((request) => readContract(tracer, request, path) ?? []),
    );
  const [best] = readings.toSorted((a, b) => rank(a.contract) - rank(b.contract));
  return best === undefined
    ? { contract: null, contractPlaces: [] }
    : { contract: best.contract, contractPlaces: best.places };
}

/** One of those that the same caller sends with the same body. */
function distinctRequests(requests: readonly SentRequest[]): SentRequest[] {
  const distinct: SentRequest[] = [];
  const callerOf = ({ call }: SentRequest): unknown => {
    const fn = functionAround(call.file, call.node);
    return fn === null ? null : call.context.get(fn)?.node;
  };
  for (const request of requests) {
    const isKnown = distinct.some(
      (other) => other.body?.place.node === request.body?.place.node && callerOf(other) === callerOf(request),
    );
    if (!isKnown) distinct.push(request);
  }
  return distinct;
}

function rank({ path, method, body, reply }: ChatContract): number {
  const has = (role: string): boolean => body.some((field) => field.role === role);
  return (
    (method === 'POST' ? 0 : 16) +
    (has('question') ? 0 : 8) +
    (reply.type === 'unknown' ? 4 : 0) +
    (has('selection') || /select|highlight/i.test(path) ? 1 : 0)
  );
}
