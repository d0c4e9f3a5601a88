import { make } from './elements.ts';

/**
 * Renders an answer. Models write Markdown: paragraphs, lists, quotes, code and emphasis are rendered, everything else
 * stays as written. Elements are filled with text only, so that an answer never becomes markup.
 */
export type AnswerLinks = {
  /** The mark of a source, for `[Source 1]`. */
  cite(number: number): Node;
  /** A link, or text where the address may not be linked. */
  link(address: string, label: string): Node;
};

/** Of one span or address. Bounded, or a text of openings would be read to its end for each of them. */
const span =
  /(?<!`)(`{1,3})(?!`)([^\n]{1,1000}?)(?<!`)\1(?!`)|\*\*([^*\n]+)\*\*|(?<![\w*])\*([^*\s][^*\n]*)\*(?!\w)| ?\[Source (\d+)\]|\[([^\]\n]{1,500})\]\(([^)\s]{1,500})(?: "[^"\n]{0,200}")?\)|<(https?:\/\/[^\s<>`]{1,500})>|((?:^|(?<=[\s("']))https?:\/\/[^\s<>"')\]`|]{0,500}[^\s<>"')\].,;:!?`|*_])(?=[.,;:!?"')*_]{0,9}(?:\s|$))/g;

/** `text` is one line or several. */
function drawText(parent: Node, text: string, links: AnswerLinks): void {
  let at = 0;
  const add = (node: Node | string): void =>
    void parent.appendChild(typeof node === 'string' ? document.createTextNode(node) : node);
  for (const match of text.matchAll(span)) {
    const [whole, , code, strong, emphasis, number, label, address, angled, bare] = match;
    if (match.index > at) add(text.slice(at, match.index));
    at = match.index + whole.length;
    const target = address ?? angled ?? bare ?? '';
    if (code !== undefined) add(make('code', code));
    else if (strong !== undefined) drawText(parent.appendChild(make('strong')), strong, links);
    else if (emphasis !== undefined) add(make('em', emphasis));
    else if (number !== undefined) add(links.cite(Number(number)));
    else add(links.link(target, label ?? target));
  }
  if (at < text.length) add(text.slice(at));
}

type AnswerBlock = {
  kind: 'p' | 'h' | 'pre' | 'ol' | 'ul' | 'blockquote';
  lines: string[];
  isClosed: boolean;
};

const item = /^\s*(?:[-*+]|(\d+)[.)])\s+(.*)$/s;

/** The blocks of the text, in their order. */
function blocksOf(text: string): AnswerBlock[] {
  const blocks: AnswerBlock[] = [];
  /** The sign of the fence that is open; null outside of code. */
  let fence: string | null = null;
  const last = (): AnswerBlock | undefined => blocks.at(-1);
  const add = (kind: AnswerBlock['kind'], line: string): void => {
    const open = last();
    if (open?.kind === kind && !open.isClosed) open.lines.push(line);
    else blocks.push({ kind, lines: [line], isClosed: false });
  };
  const close = (): void => {
    const open = last();
    if (open !== undefined) open.isClosed = true;
  };
  for (const line of text.split('\n')) {
    const sign = /^\s*(?:```|~~~)/.exec(line)?.[0].at(-1) ?? null;
    const isFence = sign !== null && (fence ?? sign) === sign;
    if (isFence) fence = fence === null ? sign : null;
    if (isFence || (fence === null && line.trim() === '')) close();
    else if (fence !== null) add('pre', line);
    else addLine(line, { add, close, last });
  }
  return blocks;
}

type BlockList = {
  add(kind: AnswerBlock['kind'], line: string): void;
  close(): void;
  last(): AnswerBlock | undefined;
};

function addLine(line: string, { add, close, last }: BlockList): void {
  const listed = item.exec(line);
  const heading = /^#{1,6}\s+(.*)$/s.exec(line)?.[1];
  const quote = /^>\s?(.*)$/s.exec(line)?.[1];
  const open = last();
  if (heading !== undefined) {
    close();
    add('h', heading);
    close();
  } else if (listed !== null) {
    const kind = listed[1] === undefined ? 'ul' : 'ol';
    // Items with blank lines between them are one list.
    if (open?.kind === kind) open.isClosed = false;
    add(kind, listed[2] ?? '');
  } else if (quote !== undefined) add('blockquote', quote);
  else if (/^\s+/.test(line) && open !== undefined && !open.isClosed && /^[ou]l$/.test(open.kind))
    open.lines.push(`${open.lines.pop() ?? ''} ${line.trim()}`);
  else add('p', line);
}

/** Replaces what `target` shows. */
export function drawAnswer(target: HTMLElement, text: string, links: AnswerLinks): void {
  const elements = blocksOf(text).map(({ kind, lines }) => {
    const element = make(kind === 'h' ? 'p' : kind, '', kind === 'h' ? 'heading' : '');
    if (kind === 'pre') {
      element.append(make('code', lines.join('\n')));
      element.tabIndex = 0;
    } else if (kind === 'ol' || kind === 'ul')
      for (const line of lines) drawText(element.appendChild(make('li')), line, links);
    else drawText(element, lines.join('\n'), links);
    return element;
  });
  target.replaceChildren(...elements);
}
