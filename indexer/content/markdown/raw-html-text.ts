/** Elements without text for a reader. Case matters: `<Template>` is a component, not HTML's `<template>`. */
export const hiddenElement = /^(?:head|script|style|template)$/;
/** Elements that end a line. */
export const lineEndingElement =
  /^(?:p|div|br|hr|li|tr|ul|ol|dl|dt|dd|table|caption|h[1-6]|details|summary|section|article|aside|header|footer|main|blockquote|pre|td|th|figure|figcaption|legend|option)$/i;
/** No longer list: it would change texts that existing collections have embedded. */
const entities: { [name: string]: string } = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/** The text of raw HTML in Markdown: without tags and comments, with `alt` texts, one line per block element. */
export function htmlText(html: string): string {
  let text = '';
  let skipUntil: string | null = null;
  for (let position = 0; position < html.length;) {
    if (html[position] !== '<') {
      const next = html.indexOf('<', position);
      const end = next === -1 ? html.length : next;
      if (skipUntil === null) text += html.slice(position, end);
      position = end;
      continue;
    }
    const isComment = html.startsWith('<!--', position);
    const end = html.indexOf(isComment ? '-->' : '>', position);
    if (end === -1) return decodeCharacters(text + html.slice(position));
    const tag = /^<(\/?)([a-z][\w-]*)/i.exec(html.slice(position, end));
    if (tag && !isComment) {
      const name = (tag[2] as string).toLowerCase();
      if (skipUntil === name && tag[1] === '/') skipUntil = null;
      else if (skipUntil === null && tag[1] === '' && hiddenElement.test(name)) skipUntil = name;
      if (lineEndingElement.test(name) && text !== '' && !text.endsWith('\n')) text += '\n';
      text += /\salt\s*=\s*["']([^"']*)["']/i.exec(html.slice(position, end))?.[1] ?? '';
    }
    position = end + (isComment ? 3 : 1);
  }
  return decodeCharacters(text);
}

function decodeCharacters(text: string): string {
  return text.replaceAll(
    /&(?:#(\d+|x[\da-f]+)|(\w+));/gi,
    (reference, number: string | undefined, name: string | undefined) =>
      number === undefined ? (entities[name ?? ''] ?? reference) : (characterOf(number) ?? reference),
  );
}

/** Null for a number beyond Unicode. */
function characterOf(number: string): string | null {
  const code = Number(number.toLowerCase().startsWith('x') ? `0${number}` : number);
  return code > 0 && code <= 0x10_ff_ff ? String.fromCodePoint(code) : null;
}
