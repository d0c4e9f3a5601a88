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

/** One part per heading. Text under a heading without an anchor links to the last anchor before it. */
function partsOf(blocks: readonly Block[], title: string): PagePart[] {
  const parts: PagePart[] = [];
  let path: { depth: number; text: string }[] = [];
  let part: PagePart = { headings: [], anchor: null, blocks: [], length: 0 };
  let heading: Block | null = null;
  // A heading with nothing below it appears in no other chunk's heading path, so it becomes text of its own. One
  // with sections below it stays empty, for small ones to join.
  const close = (next: Block | null): void => {
    const isAlone = heading?.type === 'heading' && !(next?.type === 'heading' && next.depth > heading.depth);
    if (part.blocks.length === 0 && isAlone && heading?.type === 'heading' && heading.anchor.text !== title)
      addBlock(part, { type: 'text', text: heading.anchor.text, lines: heading.lines });
    if (part.blocks.length > 0 || part.anchor !== null) parts.push(part);
  };
  for (const block of blocks) {
    if (block.type !== 'heading') {
      addBlock(part, block);
      continue;
    }
    close(block);
    heading = block;
    path = [
      ...path.filter(({ depth }) => depth < block.depth),
      { depth: block.depth, text: block.anchor.text },
    ];
    const headings = path.map(({ text }) => text).filter((text) => text !== '' && text !== title);
    part = { headings, anchor: block.anchor.id ?? part.anchor, blocks: [], length: 0 };
  }
  close(null);
  return parts;
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
