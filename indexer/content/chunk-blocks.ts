import { chunkSize, type Block, type BodyBlock, type LineRange } from './block.ts';
import { splitBlock } from './split-block.ts';

export type Chunk = {
  /** Headings above the text, outermost first. */
  headings: string[];
  /** Null for the text before the page's first anchor. */
  anchor: string | null;
  content: string;
  lines: LineRange;
};

type PagePart = { headings: string[]; anchor: string | null; blocks: BodyBlock[]; length: number };

/**
 * Cuts a page at its headings; small sections join the one above, long ones are split between blocks. A change of what
 * it returns needs a new `chunkerVersion` (server/collection/stamp.ts).
 */
export function chunkBlocks({ blocks, title }: { blocks: readonly Block[]; title: string }): Chunk[] {
  const parts = joinSmallParts(partsOf(blocks, title));
  return parts.filter((part) => part.blocks.length > 0).flatMap(splitPart);
}

/**
 * One part per heading, and per label (of a tab). Text under a heading without an anchor links to the last anchor before
 * it. A heading with nothing below it is no part: its text joins the part before it.
 */
function partsOf(blocks: readonly Block[], title: string): PagePart[] {
  const parts: PagePart[] = [];
  const opened: PartStart[] = [];
  let start: PartStart = { path: [], anchor: null };
  let part = partAt(start, title);
  let heading: Extract<Block, { type: 'heading' }> | null = null;
  const begin = (next: PartStart): void => {
    start = next;
    part = partAt(next, title);
  };
  const close = (next: Block | null): void => {
    const isAlone = heading !== null && part.blocks.length === 0 && !isBelowHeading(next, heading);
    if (isAlone && heading !== null && heading.anchor.text !== title) addLoneHeading(parts, part, heading);
    if (part.blocks.length > 0 || (part.anchor !== null && !isAlone)) parts.push(part);
  };
  for (const block of blocks) {
    if (block.type !== 'heading' && block.type !== 'enter' && block.type !== 'leave') {
      addBlock(part, block);
      continue;
    }
    const lead = opensBelow(block, heading) ? takeLead(part) : null;
    close(block);
    heading = block.type === 'heading' ? block : null;
    if (block.type === 'enter') {
      opened.push(start);
      begin({ ...start, path: [...start.path, { depth: 0, text: block.label }] });
    } else if (block.type === 'leave') begin(opened.pop() ?? start);
    else {
      const above = start.path.filter(({ depth }) => depth < block.depth);
      const path = [...above, { depth: block.depth, text: block.anchor.text }];
      begin({ path, anchor: block.anchor.id ?? start.anchor });
    }
    if (lead !== null) addBlock(part, lead);
  }
  close(null);
  return parts;
}

/** The headings and labels above a part, outermost first, and its anchor. A label's depth is 0: it ends with its tab. */
type PartStart = { path: { depth: number; text: string }[]; anchor: string | null };

function partAt({ path, anchor }: PartStart, title: string): PagePart {
  const headings = path.map(({ text }) => text).filter((text) => text !== '' && text !== title);
  return { headings, anchor, blocks: [], length: 0 };
}

function isBelowHeading(next: Block | null, heading: { depth: number }): boolean {
  return next?.type === 'enter' || (next?.type === 'heading' && next.depth > heading.depth);
}

/** Whether a heading or label opens a part below the one before it. */
function opensBelow(block: Block, heading: { depth: number } | null): boolean {
  if (block.type === 'enter') return true;
  return block.type === 'heading' && block.depth > (heading?.depth ?? 1);
}

function addLoneHeading(
  parts: readonly PagePart[],
  part: PagePart,
  { anchor, lines }: Extract<Block, { type: 'heading' }>,
): void {
  const target = parts.findLast(({ blocks }) => blocks.length > 0) ?? part;
  addBlock(target, { type: 'text', text: anchor.text, lines });
}

/** Removes a sentence that ends in a colon from the end of a part, because it belongs to what follows. */
function takeLead(part: PagePart): BodyBlock | null {
  const last = part.blocks.at(-1);
  if (last?.type !== 'text' || !last.text.endsWith(':') || last.text.length > chunkSize.small) return null;
  part.blocks.pop();
  part.length -= last.text.length + 2;
  return last;
}

function addBlock(part: PagePart, block: BodyBlock): void {
  if (block.text === '') return;
  part.blocks.push(block);
  part.length += block.text.length + 2;
}

/**
 * Joins a small section to its parent, or to a small sibling before it. The link still works for the reader: the small
 * section is on the same screen as the parent's anchor. The top of the page has no anchor, so only a tiny section
 * joins it.
 */
function joinSmallParts(parts: readonly PagePart[]): PagePart[] {
  const joined: PagePart[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    const limit = last?.anchor === null ? chunkSize.tiny : chunkSize.small;
    const fits = last !== undefined && last.length + part.length <= chunkSize.max;
    if (!fits || part.blocks.length === 0 || part.length > limit || !isBelow(part, last)) {
      joined.push({ ...part, blocks: [...part.blocks] });
      continue;
    }
    const name = part.headings.slice(last.headings.length).join(' › ');
    const [first] = part.blocks;
    if (first !== undefined && first.text !== name)
      addBlock(last, { type: 'text', text: name, lines: first.lines });
    for (const block of part.blocks) addBlock(last, block);
  }
  return joined;
}

function isBelow(part: PagePart, above: PagePart): boolean {
  return (
    part.headings.length > above.headings.length &&
    above.headings.every((text, index) => part.headings[index] === text)
  );
}

/** Splits evenly: into `n` chunks of about the same size rather than full ones and a small remainder. */
function splitPart(part: PagePart): Chunk[] {
  const pieces =
    part.length <= chunkSize.max ? part.blocks : part.blocks.flatMap((block) => splitBlock(block));
  const total = pieces.reduce((sum, { text }) => sum + text.length + 2, 0);
  const evenSize = total / Math.ceil(total / chunkSize.max);
  const groups: BodyBlock[][] = [];
  let size = 0;
  for (const piece of pieces) {
    const group = groups.at(-1);
    const length = piece.text.length + 2;
    const isFull = total > chunkSize.max && (size + length > chunkSize.max || size + length / 2 > evenSize);
    if (group === undefined || isFull) {
      const label = group === undefined ? [] : takeTrailingLabel(group);
      groups.push([...label, piece]);
      size = label.reduce((sum, { text }) => sum + text.length + 2, length);
    } else {
      group.push(piece);
      size += length;
    }
  }
  return groups.map((group) => ({
    headings: part.headings,
    anchor: part.anchor,
    content: contentOf(group),
    lines: [group[0]?.lines[0] ?? 1, group.at(-1)?.lines[1] ?? 1],
  }));
}

/** Removes a short "For example:" from the end of a group, because it belongs to what follows. */
function takeTrailingLabel(group: BodyBlock[]): BodyBlock[] {
  const last = group.at(-1);
  if (
    group.length < 2 ||
    last === undefined ||
    !last.text.endsWith(':') ||
    last.text.length > chunkSize.small
  )
    return [];
  group.pop();
  return [last];
}

function contentOf(blocks: readonly BodyBlock[]): string {
  return blocks
    .map(({ type, text }, index) =>
      index === 0 ? text : `${type === 'item' && blocks[index - 1]?.type === 'item' ? '\n' : '\n\n'}${text}`,
    )
    .join('');
}
