import { displayedCode, listingName } from './listing.ts';

/** Characters. A chunk stays below `max`; a code block or a table is kept whole up to `hardMax`. */
export const chunkSize = { max: 1600, small: 300, tiny: 40, hardMax: 2400 } as const;

/** First and last line in the page's file, 1-based. */
export type LineRange = [number, number];

/** A heading's text and its id in the built page; null where the page shows none. */
export type HeadingAnchor = { id: string | null; text: string };

/**
 * The smallest piece of a chunk: a paragraph, a list item, a whole code block or table, a heading. What is between `enter`
 * and `leave` is below the label (of a tab), which is part of the heading path like a heading.
 */
export type Block = { lines: LineRange } & (
  | { type: 'enter'; label: string }
  | { type: 'leave' }
  | { type: 'heading'; depth: number; anchor: HeadingAnchor }
  | { type: 'text' | 'item'; text: string }
  | { type: 'code'; text: string; info: string }
  | { type: 'table'; text: string; header: string }
);

export type BodyBlock = Extract<Block, { text: string }>;

/** A paragraph; no block for empty text. */
export function textBlock({ text, lines }: { text: string; lines: LineRange }): Block[] {
  const trimmed = text.trim();
  return trimmed === '' ? [] : [{ type: 'text', text: trimmed, lines }];
}

/** Fenced code as a page shows it; `name` is the fence's info string. */
export function codeBlock(source: { code: string; name: string; lines: LineRange }): Block[] {
  const { lines } = source;
  const code = displayedCode({ code: source.code, info: source.name });
  const name = listingName(source.name);
  const longest = [...code.matchAll(/`{3,}/g)].reduce((most, [run]) => Math.max(most, run.length + 1), 3);
  const fence = '`'.repeat(longest);
  const info = `${fence}${name}`;
  return code.trim() === '' ? [] : [{ type: 'code', text: `${info}\n${code}\n${fence}`, info, lines }];
}

/** A table in Markdown; the first row is its header. */
export function tableBlock({ rows, lines }: { rows: readonly string[][]; lines: LineRange }): Block[] {
  const [first = [], ...rest] = rows;
  const formatRow = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll(/\s+/g, ' ').trim()).join(' | ')} |`;
  const header = `${formatRow(first)}\n|${' --- |'.repeat(first.length)}`;
  return [{ type: 'table', text: [header, ...rest.map(formatRow)].join('\n'), header, lines }];
}

/**
 * One block per list item. An item with headings is returned as its inner blocks, because each heading starts a
 * section. So is an item longer than a chunk: as one text, its code and tables would be cut like sentences.
 */
export function itemBlock({
  marker,
  inner,
  lines,
}: {
  marker: string;
  inner: Block[];
  lines: LineRange;
}): Block[] {
  const text = inner.flatMap((block) => ('text' in block ? [block.text] : [])).join('\n');
  const isUnwrapped = text.length > chunkSize.max || inner.some(({ type }) => type === 'heading');
  if (isUnwrapped) return withLabel(marker.trim(), lines, inner);
  return text === '' ? [] : [{ type: 'item', text: `${marker}${text.replaceAll('\n', '\n  ')}`, lines }];
}

/**
 * Content below a label, such as that of a tab. A short one has the label in front; in one with headings, or with more than
 * a chunk, the label is part of the heading path of all that is inside.
 */
export function labelledBlocks(label: string, lines: LineRange, inner: Block[]): Block[] {
  const length = inner.reduce((sum, block) => sum + ('text' in block ? block.text.length : 0), 0);
  const isLong = length > chunkSize.max || inner.some(({ type }) => type === 'heading' || type === 'enter');
  if (!isLong) return withLabel(/[:.?!]$/.test(label) ? label : `${label}:`, lines, inner);
  const edge: LineRange = [lines[1], lines[1]];
  return [{ type: 'enter', label: label.replace(/:$/, ''), lines }, ...inner, { type: 'leave', lines: edge }];
}

/** Puts a label in front of the first paragraph; before anything else it becomes a paragraph of its own. */
export function withLabel(label: string, lines: LineRange, inner: Block[]): Block[] {
  if (label === '') return inner;
  const [first, ...rest] = inner;
  if (first?.type !== 'text') return [{ type: 'text', text: label, lines: [lines[0], lines[0]] }, ...inner];
  const text = /[:.?!-]$/.test(label) ? joinWords(label, first.text) : `${label}. ${first.text}`;
  return [{ ...first, text, lines: [lines[0], first.lines[1]] }, ...rest];
}

/** Prefixes the lines of paragraphs with `> `. */
export function quoteBlocks(inner: Block[]): Block[] {
  return inner.map((block) =>
    block.type === 'text' ? { ...block, text: `> ${block.text.replaceAll('\n', '\n> ')}` } : block,
  );
}

/** `Note: Mind the gap` for an admonition of kind `note` with that title. */
export function admonitionLabel(kind: string, title: string): string {
  return [kind.charAt(0).toUpperCase() + kind.slice(1), title].filter(Boolean).join(': ');
}

/** What blocks show, where they stand inside a line. */
export function textOfBlocks(blocks: readonly Block[]): string {
  return blocks
    .flatMap((block) => {
      if ('text' in block) return [block.text];
      return block.type === 'heading' ? [block.anchor.text] : block.type === 'enter' ? [block.label] : [];
    })
    .join('\n');
}

/** Joins what is not empty with a space. */
export function joinWords(...parts: string[]): string {
  return parts.filter((part) => part !== '').join(' ');
}
