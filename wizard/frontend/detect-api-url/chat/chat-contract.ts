import type { SourceLocation } from '../../../../javascript/source-file.ts';
import type { ChatContract } from '../../../model/chat-contract.ts';
import { readContract } from '../contract/read-contract.ts';
import type { RequestedUrl } from '../find-requested-urls.ts';
import type { Tracer } from '../trace/reference.ts';
import { isNeverChat } from './chat-path.ts';

type ContractReading = { contract: ChatContract | null; contractPlaces: readonly SourceLocation[] };

/**
 * The contract of the chat among the requests to a URL: of those that hold a question, the one that needs no selected
 * text, and whose reply the code shows.
 */
export function chatContract(tracer: Tracer, uses: RequestedUrl['uses']): ContractReading {
  const readings = uses
    .filter(({ path, asksQuestion }) => asksQuestion && !isNeverChat(path))
    .flatMap(({ path, requests }) =>
      requests.flatMap((request) => readContract(tracer, request, path) ?? []),
    );
  const [best] = readings.toSorted((a, b) => rank(a.contract) - rank(b.contract));
  return best === undefined
    ? { contract: null, contractPlaces: [] }
    : { contract: best.contract, contractPlaces: best.places };
}

function rank({ method, body, reply }: ChatContract): number {
  const has = (role: string): boolean => body.some((field) => field.role === role);
  return (
    (method === 'POST' ? 0 : 16) +
    (has('question') ? 0 : 8) +
    (reply.type === 'unknown' ? 4 : 0) +
    (has('selection') ? 1 : 0)
  );
}
