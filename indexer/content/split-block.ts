import type { Block } from './block.ts';
import { chunkSize } from './chunk-size.ts';

type BodyBlock = Exclude<Block, { type: 'heading' }>;

/**
 * A block that is too long for a chunk in pieces that read on their own: a table by rows under its header, code by
 * lines inside its fence, prose by sentences. Code and tables stay whole up to the hard limit.
 */
export function splitBlock(block: BodyBlock): BodyBlock[] {
  switch (block.type) {
    case 'code': {
      if (block.text.length <= chunkSize.hardMax) return [block];
      const fence = /^`+/.exec(block.info)?.[0] ?? '```';
      const [first = '', ...rest] = block.text.split('\n').slice(0, -1);
      // A title that fills a chunk by itself is a line like the others.
      const isLong = block.info.length > chunkSize.max / 2;
      const info = isLong ? fence : block.info;
      const lines = isLong ? [first.slice(fence.length), ...rest] : rest;
      const room = chunkSize.max - info.length - fence.length - 2;
      return packPieces(paragraphsOf(lines, room), room, '\n').map((text) => ({
        ...block,
        text: `${info}\n${text}\n${fence}`,
      }));
    }
    case 'table': {
      if (block.text.length <= chunkSize.hardMax) return [block];
      // A header that fills a chunk by itself is a row like the others.
      const header = block.header.length > chunkSize.max / 2 ? '' : `${block.header}\n`;
      const rows = block.text.slice(header.length).split('\n');
      return packPieces(rows, chunkSize.max - header.length, '\n').map((text) => ({
        ...block,
        text: `${header}${text}`,
      }));
    }
    case 'text':
    case 'item': {
      if (block.text.length <= chunkSize.max) return [block];
      return packPieces(sentencesOf(block.text), chunkSize.max, '').map((text) => ({
        ...block,
        text: text.trim(),
      }));
    }
    default:
      return block satisfies never;
  }
}

/** Pieces put together again as long as they fit; one that is longer than the room is cut hard. */
function packPieces(pieces: readonly string[], room: number, glue: string): string[] {
  const out: string[] = [];
  for (const piece of pieces.flatMap((one) => cutText(one, room))) {
    const last = out.at(-1);
    if (last !== undefined && last.length + glue.length + piece.length <= room)
      out[out.length - 1] = last + glue + piece;
    else out.push(piece);
  }
  return out;
}

/** Code is cut at blank lines where these leave pieces that fit, else at any line. */
function paragraphsOf(lines: readonly string[], room: number): string[] {
  const paragraphs: string[][] = [[]];
  for (const line of lines) {
    paragraphs.at(-1)?.push(line);
    if (line.trim() === '') paragraphs.push([]);
  }
  return paragraphs
    .filter((paragraph) => paragraph.length > 0)
    .flatMap((paragraph) => (paragraph.join('\n').length <= room ? [paragraph.join('\n')] : paragraph));
}

const segmenter = new Intl.Segmenter(undefined, { granularity: 'sentence' });

/** Characters. The segmenter hands out the whole text with each sentence, which a long one cannot afford. */
const segmentWindow = 4000;

function sentencesOf(text: string): string[] {
  const sentences: string[] = [];
  for (let at = 0; at < text.length;) {
    const isEnd = at + segmentWindow >= text.length;
    const found = [...segmenter.segment(text.slice(at, at + segmentWindow))].map(({ segment }) => segment);
    // The last one may go on where the view ends.
    const last = isEnd ? '' : (found.pop() ?? '');
    if (!isEnd && found.length === 0) found.push(cutText(last, segmentWindow - 1)[0] ?? last);
    sentences.push(...found);
    at += found.reduce((sum, { length }) => sum + length, 0);
  }
  return sentences;
}

function cutText(text: string, room: number): string[] {
  if (text.length <= room) return [text];
  const pieces: string[] = [];
  for (let rest = text; rest !== '';) {
    const space = rest.length <= room ? -1 : rest.lastIndexOf(' ', room - 1);
    const end =
      rest.length <= room ? rest.length : space > room / 2 ? space + 1 : characterBoundary(rest, room);
    pieces.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return pieces;
}

/** Never between the two halves of one character. */
function characterBoundary(text: string, at: number): number {
  const code = text.charCodeAt(at - 1);
  return code >= 0xd8_00 && code <= 0xdb_ff ? at - 1 : at;
}
