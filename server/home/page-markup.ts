import { pageAddress } from '../links/page-address.ts';

/**
 * The part of the page's script that renders an answer, as text. Models write Markdown: paragraphs, lists, quotes, code
 * and emphasis are rendered, everything else stays as written. Elements are filled with `textContent`, so that an answer
 * never becomes markup; links lead only to web addresses.
 */
export const pageMarkup = String.raw`
const make = (name, text, className) => {
  const one = document.createElement(name);
  if (text) one.textContent = text;
  if (className) one.className = className;
  return one;
};

const book = document.body.dataset.book;

const pageAddress = ${pageAddress};

function addressOf(text) {
  return pageAddress(text, book || null);
}

function linkTo(address, label) {
  const href = addressOf(address);
  if (!href) return make('span', label);
  const link = make('a', label);
  link.href = href;
  link.target = '_blank';
  link.rel = 'noopener';
  return link;
}

const spans = /\x60([^\x60\n]+)\x60|\*\*([^*\n]+)\*\*|(?<![\w*])\*([^*\s][^*\n]*)\*(?!\w)| ?\[Source (\d+)\]|\[([^\]\n]+)\]\(([^)\s]+)(?: "[^"\n]*")?\)|<(https?:\/\/[^\s<>\x60]+)>|((?:^|(?<=[\s("']))https?:\/\/[^\s<>"')\]\x60|]*[^\s<>"')\].,;:!?\x60|*_])(?=[\s.,;:!?"')*_]|$)/g;

/** 'cite' makes the mark of a source; 'text' is one line or several. */
function drawText(parent, text, cite) {
  let at = 0;
  for (const found of text.matchAll(spans)) {
    const [whole, code, strong, emphasis, number, label, address, angled, bare] = found;
    parent.append(text.slice(at, found.index));
    at = found.index + whole.length;
    if (code) parent.append(make('code', code));
    else if (strong) drawText(parent.appendChild(make('strong')), strong, cite);
    else if (emphasis) parent.append(make('em', emphasis));
    else if (number) parent.append(cite(Number(number)));
    else parent.append(linkTo(address || angled || bare, label || angled || bare));
  }
  parent.append(text.slice(at));
}

const item = /^\s*(?:[-*+]|(\d+)[.)])\s+(.*)$/;

/** The text as blocks: [kind, lines], in the order in which they stand. */
function blocksOf(text) {
  const blocks = [];
  let fence = false;
  const add = (kind, line) => {
    const last = blocks.at(-1);
    if (last && last.kind === kind && !last.closed) last.lines.push(line);
    else blocks.push({ kind, lines: [line] });
  };
  const close = () => { if (blocks.length) blocks.at(-1).closed = true; };
  for (const line of text.split('\n')) {
    if (/^\s*\x60{3}/.test(line)) { fence = !fence; close(); continue; }
    if (fence) { add('pre', line); continue; }
    if (!line.trim()) { close(); continue; }
    const listed = item.exec(line);
    const heading = /^#{1,6}\s+(.*)$/.exec(line);
    const quote = /^>\s?(.*)$/.exec(line);
    if (heading) { close(); add('h', heading[1]); close(); }
    else if (listed) {
      const last = blocks.at(-1), kind = listed[1] ? 'ol' : 'ul';
      if (last && last.kind === kind) last.closed = false;
      add(kind, listed[2]);
    }
    else if (quote) add('blockquote', quote[1]);
    else if (/^\s+/.test(line) && blocks.length && !blocks.at(-1).closed && /^[ou]l$/.test(blocks.at(-1).kind)) {
      const lines = blocks.at(-1).lines;
      lines.push(lines.pop() + ' ' + line.trim());
    }
    else add('p', line);
  }
  return blocks;
}

function drawAnswer(target, text, cite) {
  target.replaceChildren(...blocksOf(text).map(({ kind, lines }) => {
    const one = make(kind === 'h' ? 'p' : kind, '', kind === 'h' ? 'heading' : '');
    if (kind === 'pre') { one.append(make('code', lines.join('\n'))); one.tabIndex = 0; }
    else if (kind === 'ol' || kind === 'ul')
      for (const line of lines) drawText(one.appendChild(make('li')), line, cite);
    else drawText(one, lines.join('\n'), cite);
    return one;
  }));
}
`.trim();
