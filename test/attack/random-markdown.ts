import type { Random } from '../properties/random.ts';

/** Pieces that decide what is code, a link or a tag. */
const pieces = [
  '```\n',
  '```js\n',
  '~~~\n',
  '````\n',
  '```',
  '`',
  '``',
  '\n',
  '\n\n',
  ' \n',
  '> ',
  '>',
  '- ',
  '1. ',
  '2) ',
  '    ',
  '  ',
  ' ',
  '   ',
  '\t',
  '|',
  '\\',
  '*',
  '_',
  '~',
  '#',
  '---\n',
  '| a |\n|---|\n',
  'word',
  'a.b',
  '!',
  '[',
  ']',
  '(',
  ')',
  ':',
  '"',
  '<',
  '>',
  '&',
  ';',
  '[^1]: ',
  '[1]: ',
  '[x]',
  '[x](',
  '![x](',
  '](',
  ']:',
  '<a href="',
  '<img src=',
  '<!--',
  '-->',
  '<div>',
  '</div>',
  '<?',
  '$$\n',
  '[Source 1]',
  '(',
  '\r\n',
  '+ ',
  '* ',
  '<x>',
  'List<String>',
  ':::\n',
  '<pre>\n',
  '<script>\n',
  '[ ] ',
];
/** Addresses that are not the book's. */
const foreign = [
  'https://evil.example/a',
  '//evil.example/a',
  '\\\\evil.example/a',
  'javascript:alert(1)',
  'mailto:a@evil.example',
  'a@evil.example',
  'www.evil.example',
  'tel:+1',
  'ftp://evil.example',
  'xhttp://evil.example',
  'http://localhost@evil.example',
  'h&#116;tps://evil.example',
  'http&colon;//evil.example',
  'x-evil:leak',
  'https://ros.org/docs"/../x',
  'https://ros.org/docsevil',
  'https://ros.org/docs@evil.example',
];
const allowed = ['https://ros.org/docs', '/docs/ros/nodes', '#a'];

export function randomMarkdown(random: Random): string {
  const count = 2 + random.below(14);
  return Array.from({ length: count }, () =>
    random.once(4) ? random.pick(foreign) : random.once(12) ? random.pick(allowed) : random.pick(pieces),
  ).join('');
}

/** The text in pieces of 1 to 50 characters. */
export function randomChunks(text: string, random: Random): string[] {
  const chunks: string[] = [];
  for (let at = 0; at < text.length;) {
    const size = 1 + random.below(random.once(2) ? 5 : 50);
    chunks.push(text.slice(at, at + size));
    at += size;
  }
  return chunks;
}
