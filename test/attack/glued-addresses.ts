/** Foreign addresses glued to an address that may leave: behind its host, or behind a path of it. */

/** What may leave. `BOOK` is the book's host. */
const allowed = [
  'http://localhost',
  'http://localhost:8000',
  'http://127.0.0.1/',
  'http://[::1]:80/x',
  'http://localhost/a/b?c=d',
  'https://ros.org',
  'https://ros.org/docs',
  'https://BOOK/docs',
  'https://BOOK/docs#',
  'https://BOOK/docs#a.',
  'https://BOOK/docs?',
  'https://BOOK/',
  'https://BOOK',
  '#',
  '#a',
  '/',
  '../docs',
  'www.ros.org/docs',
];
const separators = [
  ...' "\'()[]{}<>*_~`|,;:!?.@#/\\&=+$%^-',
  '](',
  '[a]',
  '[a](',
  '**',
  '~~',
  'x',
  '&quot;',
  '&#39;',
  '&#64;',
  '\\"',
  '\u200b',
  '）',
  '',
];
const foreign = [
  'https://evil.example/a',
  'HTTP://evil.example/a',
  'http:evil.example',
  '//evil.example/a',
  'evil.example/s',
  '.evil.example/s',
  '%2eevil.example/s',
  '。evil.example/s',
  'www.evil.example/a',
  'mailto:a@evil.example',
  'a@evil.example',
  'xmpp:a@evil.example',
  'https://evil.example/../../../../docs',
  'https://evil.example/%2e%2E/.%2e/../docs?',
  'www.evil.example/../docs',
];
/** What keeps a program from reading the allowed address: then it looks for one within. */
const before = ['', '(', '"', 'x', 'word:', '/'];
/** Text, and code that not every program takes for code. */
const places: ((at: string) => string)[] = [
  (at) => `See ${at} now.`,
  (at) => `[a](${at})`,
  (at) => `Run \`${at}\` now.`,
  (at) => `Run \`[a](${at})\``,
  (at) => `Run \`\` a \` b ${at} \`\` now.`,
  (at) => `Run \`\` a \` b [a](${at}) \`\``,
  (at) => `Run \`\`\` a \`\` b ${at} \`\`\` now.`,
  (at) => `\`\`\`\n${at}\n\`\`\``,
  (at) => `~~~\n${at}\n~~~`,
  (at) => `~~~\n[a](${at})\n~~~\n`,
  (at) => `- ~~~\n  ${at}\n  ~~~\n`,
];

/** How many texts are left out for each that is taken: prime, so that every part comes with every other. */
const stride = 61;

/** Addresses that may leave, with foreign addresses behind them, in each place. */
export function gluedAddresses(book: string): string[] {
  const heads = before.flatMap((start) => allowed.map((address) => start + address.replace('BOOK', book)));
  const tails = separators.flatMap((separator) => foreign.map((address) => separator + address));
  const count = heads.length * tails.length * places.length;
  return Array.from({ length: Math.floor(count / stride) }, (_value, index) => {
    const at = index * stride;
    const place = places[at % places.length] ?? String;
    const tail = tails[Math.floor(at / places.length) % tails.length] ?? '';
    return place((heads[Math.floor(at / places.length / tails.length)] ?? '') + tail);
  });
}
