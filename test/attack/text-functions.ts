/** Every function of the server that reads a text which a reader, a page or a model can write. */
import { quoteSources } from '../../server/chat/citations/quote-sources.ts';
import { createCitedTexts } from '../../server/chat/citations/cited-texts.ts';
import { Citations } from '../../server/chat/citations/citations.ts';
import { composeExtractiveAnswer } from '../../server/chat/extractive-answer.ts';
import { isRefusal, localiseRefusal } from '../../server/chat/localise-refusal.ts';
import { composePrompt } from '../../server/chat/prompt.ts';
import { toSource } from '../../server/chat/protocol.ts';
import { expandFollowUp } from '../../server/chat/retrieval/follow-up.ts';
import { isSmallTalk } from '../../server/chat/retrieval/relevance-gate.ts';
import { sectionFromPoint } from '../../server/adapters/qdrant/qdrant-payload.ts';
import { createSseReader } from '../../server/adapters/sse-reader.ts';
import { buildBm25Index } from '../../server/collection/bm25-index.ts';
import { runAtOnce } from '../../server/collection/run-in-slices.ts';
import type { Section } from '../../server/collection/section.ts';
import { significantTerms } from '../../server/collection/significant-terms.ts';
import { sparseVector } from '../../server/collection/sparse-vector.ts';
import { stem } from '../../server/collection/stem.ts';
import { tokenise } from '../../server/collection/tokenise.ts';
import { parseChatRequest, requestLimits } from '../../server/http/chat/chat-request.ts';
import { allowLinksFrom } from '../../server/links/allow-links.ts';
import { createLinkFilter } from '../../server/links/link-filter.ts';
import { drawn } from '../server/widget/chat/draw-answer.ts';

function sectionOf(content: string): Section {
  const place = {
    anchor: null,
    source: 'a.md',
    lines: [1, 1] as [number, number],
    position: 0,
    previous: null,
    next: null,
  };
  const names = {
    title: content.slice(0, 200),
    headings: [content.slice(0, 200)],
    url: `/docs/${encodeURIComponent(content.slice(0, 50).replaceAll(/[\ud800-\udfff]/g, ''))}`,
  };
  return { id: 'a', kind: 'section', content, ...names, ...place, hash: '', locale: 'en', version: '' };
}

const passageOf = (text: string) => ({ section: sectionOf(text), similarity: null, score: 1 });

function inPieces(
  text: string,
  filter: { push(piece: string): unknown; end(): unknown },
  size: number,
): void {
  for (let at = 0; at < text.length; at += size) filter.push(text.slice(at, at + size));
  filter.end();
}

const isAllowed = allowLinksFrom({ texts: ['See https://ros.org/docs.'], pages: ['/docs/a'] });

export const textFunctions: Record<string, (text: string) => unknown> = {
  'the link filter': (text) => inPieces(text, createLinkFilter({ isAllowed }), text.length),
  'the link filter, in pieces of 7': (text) => inPieces(text, createLinkFilter({ isAllowed }), 7),
  'the citations': (text) => inPieces(text, new Citations({ passages: 8 }), text.length),
  'the citations, in pieces of 7': (text) => inPieces(text, new Citations({ passages: 8 }), 7),
  'the sources with what is cited of them': (text) => {
    const passages = [passageOf('A mast is two metres long. It is bolted to the wall.')];
    return quoteSources(passages, `${text} [Source 1]`, passages, createCitedTexts());
  },
  'the answer that the widget draws': (text) => drawn(text, 'https://book.example'),
  'allowed links of a passage': (text) =>
    allowLinksFrom({ texts: [text], pages: [text.slice(0, 1000)] })('https://ros.org/docs'),
  'an address asked about': (text) => isAllowed(text),
  'the extractive answer': (text) =>
    composeExtractiveAnswer({ message: text.slice(0, 2000), passages: [passageOf(text)], reason: 'failed' }),
  'the tokeniser': tokenise,
  'the stemmer': stem,
  'the significant terms': (text) => significantTerms(tokenise(text)),
  'the sparse vector': (text) => sparseVector(text),
  'the sparse vector of a section': (text) => sparseVector(sectionOf(text)),
  'the word index': (text) => runAtOnce(buildBm25Index([sectionOf(text)])),
  'the refusal in the language of the question': localiseRefusal,
  'whether an answer is a refusal': isRefusal,
  'whether a question is small talk': isSmallTalk,
  'the text to search for': (text) => expandFollowUp({ message: text, history: [{ role: 'user', text }] }),
  'the prompt': (text) =>
    composePrompt({
      message: text,
      passages: [passageOf(text)],
      selection: null,
      page: text.slice(0, 200),
      history: [],
      nonce: 'n',
    }),
  'a source': (text) => toSource(passageOf(text)),
  'a stored point': (text) =>
    sectionFromPoint({
      id: 'a',
      payload: { text, file_path: text, section: text, url: `https://a.example/${text}` },
      position: 0,
    }),
  'the reader of events': (text) => {
    const reader = createSseReader();
    reader.push(Buffer.from(`data: ${JSON.stringify(text)}\n\n`));
    reader.end();
  },
  'a request': (text) => {
    const fields = {
      // A question of blanks alone would be refused before the rest is read.
      message: `Why? ${text.slice(0, 1490)}`,
      session_id: text,
      context: text,
      page: text,
      history: [{ role: 'user', content: text }],
    };
    return parseChatRequest({ body: fields, headers: {}, limits: requestLimits });
  },
  'a question of any length': (text) => {
    try {
      return parseChatRequest({ body: { message: text }, headers: {}, limits: requestLimits });
    } catch {
      return null;
    }
  },
};
