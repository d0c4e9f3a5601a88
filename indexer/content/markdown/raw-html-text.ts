/** Elements whose text is the page's matter, not its reader's. As HTML's own are written: `<Template>` is a component. */
export const hiddenElement = /^(?:head|script|style|template)$/;
/** Elements that end a line. */
export const lineEndingElement =
  /^(?:p|div|br|li|tr|ul|ol|table|h[1-6]|details|summary|section|blockquote|pre|td|th|figure|figcaption)$/i;
const entities: { [name: string]: string } = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/** The text of raw HTML in plain Markdown: tags and comments go, `alt` stays, a block's end becomes a line's end. */
export function htmlText(html: string): string {
  let text = '';
  let skipUntil: string | null = null;
  for (let at = 0; at < html.length;) {
    if (html[at] !== '<') {
      const next = html.indexOf('<', at);
      const end = next === -1 ? html.length : next;
      if (skipUntil === null) text += html.slice(at, end);
      at = end;
      continue;
    }
    const comment = html.startsWith('<!--', at);
    const end = html.indexOf(comment ? '-->' : '>', at);
    if (end === -1) return decodeCharacters(text + html.slice(at));
    const tag = /^<(\/?)([a-z][\w-]*)/i.exec(html.slice(at, end));
    if (tag && !comment) {
      const name = (tag[2] as string).toLowerCase();
      if (skipUntil === name && tag[1] === '/') skipUntil = null;
      else if (skipUntil === null && tag[1] === '' && hiddenElement.test(name)) skipUntil = name;
      if (lineEndingElement.test(name) && text !== '' && !text.endsWith('\n')) text += '\n';
      text += /\salt\s*=\s*["']([^"']*)["']/i.exec(html.slice(at, end))?.[1] ?? '';
    }
    at = end + (comment ? 3 : 1);
  }
  return decodeCharacters(text);
}

function decodeCharacters(text: string): string {
  return text.replaceAll(
    /&(?:#(\d+|x[\da-f]+)|(\w+));/gi,
    (whole, number: string | undefined, name: string | undefined) =>
      number === undefined ? (entities[name ?? ''] ?? whole) : (characterOf(number) ?? whole),
  );
}

/** Null for a number that no character has. */
function characterOf(number: string): string | null {
  const code = Number(number.toLowerCase().startsWith('x') ? `0${number}` : number);
  return code > 0 && code <= 0x10_ff_ff ? String.fromCodePoint(code) : null;
}
