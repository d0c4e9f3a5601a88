import type { HeadingAnchor } from './markdown/heading-anchors.ts';
import { chunkSize } from './chunk-size.ts';
import { joinWords } from './markdown/inline-text.ts';

/** First and last line in the page's file, 1-based. */
export type LineRange = [number, number];

/** The smallest piece a chunk is made of: a paragraph, a list item, a whole code block or table, a heading. */
export type Block = { lines: LineRange } & (
  | { type: 'heading'; depth: number; anchor: HeadingAnchor }
  | { type: 'text' | 'item'; text: string }
  | { type: 'code'; text: string; info: string }
  | { type: 'table'; text: string; header: string }
);

export function textBlock({ text, lines }: { text: string; lines: LineRange }): Block[] {
  const trimmed = text.trim();
  return trimmed === '' ? [] : [{ type: 'text', text: trimmed, lines }];
}

/** `name` is what stands behind the fence: language and title. */
export function codeBlock({ code, name, lines }: { code: string; name: string; lines: LineRange }): Block[] {
  const longest = [...code.matchAll(/`{3,}/g)].reduce((most, [run]) => Math.max(most, run.length + 1), 3);
  const fence = '`'.repeat(longest);
  const info = `${fence}${name}`;
  return code.trim() === '' ? [] : [{ type: 'code', text: `${info}\n${code}\n${fence}`, info, lines }];
}

/** The first row is the header. */
export function tableBlock({ rows, lines }: { rows: readonly string[][]; lines: LineRange }): Block[] {
  const [first = [], ...rest] = rows;
  const told = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll(/\s+/g, ' ').trim()).join(' | ')} |`;
  const header = `${told(first)}\n|${' --- |'.repeat(first.length)}`;
  return [{ type: 'table', text: [header, ...rest.map(told)].join('\n'), header, lines }];
}

/**
 * One block an item. One that holds headings is laid open, because each heading starts a section; so is one that is
 * longer than a chunk, because code and tables are not to be cut as if they were sentences.
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
  const isOpen = text.length > chunkSize.max || inner.some(({ type }) => type === 'heading');
  if (isOpen) return withLabel(marker.trim(), lines, inner);
  return text === '' ? [] : [{ type: 'item', text: `${marker}${text.replaceAll('\n', '\n  ')}`, lines }];
}

/** The label goes in front of a first paragraph, else on a line of its own. */
export function withLabel(label: string, lines: LineRange, inner: Block[]): Block[] {
  if (label === '') return inner;
  const [first, ...rest] = inner;
  if (first?.type !== 'text') return [{ type: 'text', text: label, lines: [lines[0], lines[0]] }, ...inner];
  const text = /[:.?!-]$/.test(label) ? joinWords(label, first.text) : `${label}. ${first.text}`;
  return [{ ...first, text, lines: [lines[0], first.lines[1]] }, ...rest];
}

export function quoteBlocks(inner: Block[]): Block[] {
  return inner.map((block) =>
    block.type === 'text' ? { ...block, text: `> ${block.text.replaceAll('\n', '\n> ')}` } : block,
  );
}

/** `Note: Mind the gap` for an admonition of that kind. */
export function admonitionLabel(kind: string, title: string): string {
  return [kind.charAt(0).toUpperCase() + kind.slice(1), title].filter(Boolean).join(': ');
}
