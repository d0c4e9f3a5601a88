import { chunkSize, type BodyBlock } from './block.ts';

/**
 * Splits a block that is too long for a chunk into pieces that read on their own: a table by rows under its header,
 * code by lines inside its fence, prose by sentences. Code and tables are kept whole up to the hard maximum.
 */
export function splitBlock(block: BodyBlock): BodyBlock[] {
  switch (block.type) {
    case 'code': {
      if (block.text.length <= chunkSize.hardMax) return [block];
      const fence = /^`+/.exec(block.info)?.[0] ?? '```';
      const [first = '', ...rest] = block.text.split('\n').slice(0, -1);
      // An info string that would fill a chunk by itself is treated as a line of the code.
      const isLong = block.info.length > chunkSize.max / 2;
      const info = isLong ? fence : block.info;
      const lines = isLong ? [first.slice(fence.length), ...rest] : rest;
      const available = chunkSize.max - info.length - fence.length - 2;
      return packPieces(paragraphsOf(lines, available), available, '\n').map((text) => ({
        ...block,
        text: `${info}\n${text}\n${fence}`,
      }));
    }
    case 'table': {
      if (block.text.length <= chunkSize.hardMax) return [block];
      // A header that would fill a chunk by itself is treated as a row.
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

/** Joins pieces up to `maxLength`; a single piece that is longer is cut. */
function packPieces(pieces: readonly string[], maxLength: number, separator: string): string[] {
  const packed: string[] = [];
  for (const piece of pieces.flatMap((text) => cutText(text, maxLength))) {
    const last = packed.at(-1);
    if (last !== undefined && last.length + separator.length + piece.length <= maxLength)
      packed[packed.length - 1] = last + separator + piece;
    else packed.push(piece);
  }
  return packed;
}

/** Cuts code at blank lines where the pieces fit, otherwise at every line. */
function paragraphsOf(lines: readonly string[], maxLength: number): string[] {
  const paragraphs: string[][] = [[]];
  for (const line of lines) {
    paragraphs.at(-1)?.push(line);
    if (line.trim() === '') paragraphs.push([]);
  }
  return paragraphs
    .filter((paragraph) => paragraph.length > 0)
    .flatMap((paragraph) => (paragraph.join('\n').length <= maxLength ? [paragraph.join('\n')] : paragraph));
}

const segmenter = new Intl.Segmenter(undefined, { granularity: 'sentence' });

/** Characters given to the segmenter at a time: it returns the whole input with each sentence, so memory would grow quadratically. */
const segmentWindow = 4000;

function sentencesOf(text: string): string[] {
  const sentences: string[] = [];
  for (let position = 0; position < text.length;) {
    const isLastWindow = position + segmentWindow >= text.length;
    const segments = [...segmenter.segment(text.slice(position, position + segmentWindow))].map(
      ({ segment }) => segment,
    );
    // The last sentence of a window may continue in the next one.
    const last = isLastWindow ? '' : (segments.pop() ?? '');
    if (!isLastWindow && segments.length === 0) segments.push(cutText(last, segmentWindow - 1)[0] ?? last);
    sentences.push(...segments);
    position += segments.reduce((sum, { length }) => sum + length, 0);
  }
  return sentences;
}

/** Cuts at a space in the second half of the allowed length, otherwise at the length. */
function cutText(text: string, maxLength: number): string[] {
  if (text.length <= maxLength) return [text];
  const pieces: string[] = [];
  for (let rest = text; rest !== '';) {
    const space = rest.length <= maxLength ? -1 : rest.lastIndexOf(' ', maxLength - 1);
    const end =
      rest.length <= maxLength
        ? rest.length
        : space > maxLength / 2
          ? space + 1
          : characterBoundary(rest, maxLength);
    pieces.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return pieces;
}

/** Never between the two halves of a surrogate pair. */
function characterBoundary(text: string, position: number): number {
  const code = text.charCodeAt(position - 1);
  return code >= 0xd8_00 && code <= 0xdb_ff ? position - 1 : position;
}
