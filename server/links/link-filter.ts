import { AddressFilter, type Segment } from './address-filter.ts';
import { isLoopback, type LinkRule } from './allow-links.ts';
import { MarkupFilter } from './markup-filter.ts';

/**
 * Lets only links of the book leave in an answer: everything else that a renderer, a browser or a program that links bare
 * addresses could follow or load becomes text without a scheme. So a page that injects instructions into the model cannot
 * make it leak data through a URL. Takes linear time, whatever the text.
 */
export interface LinkFilter {
  /** Returns the text that can be sent now. */
  push(text: string): string;
  /** Returns the text still buffered at the end of the answer. */
  end(): string;
}

/** No answer asks for as many; reading an address costs microseconds, and an answer of addresses must not cost seconds. */
const maxQuestions = 2000;

export function createLinkFilter({ isAllowed }: { isAllowed: LinkRule }): LinkFilter {
  let questions = 0;
  const isKept: LinkRule = (address) => {
    questions += 1;
    return questions <= maxQuestions && (isAllowed(address) || isLoopback(address));
  };
  const markup = new MarkupFilter({ isAllowed: isKept });
  const addresses = new AddressFilter({ isAllowed: isKept, isExhausted: () => questions > maxQuestions });
  const send = (segments: readonly Segment[]): string =>
    segments.map((segment) => addresses.push(segment)).join('');
  return {
    push: (text) =>
      piecesOf(text)
        .map((piece) => send(markup.push(piece)))
        .join(''),
    end: () => send(markup.end()) + addresses.end(),
  };
}

/** What is read at once: what is held of it meanwhile would keep the garbage collector busy. */
const pieceLength = 1_000;

function piecesOf(text: string): string[] {
  if (text.length <= pieceLength) return [text];
  return Array.from({ length: Math.ceil(text.length / pieceLength) }, (_, index) =>
    text.slice(index * pieceLength, (index + 1) * pieceLength),
  );
}
