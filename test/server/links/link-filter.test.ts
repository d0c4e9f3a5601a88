import { Parser } from 'htmlparser2';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import { expect, test } from 'vitest';
import { allowLinksFrom } from '../../../server/links/allow-links.ts';
import { createLinkFilter } from '../../../server/links/link-filter.ts';

const isAllowed = allowLinksFrom({
  texts: ['See https://ros.org/docs for more.'],
  pages: ['/docs/ros/nodes#publish'],
});

/** The output for chunks of different sizes. */
function filtered(text: string): string[] {
  return [1, 2, 3, 4, 7, 1000].map((size) => {
    const filter = createLinkFilter({ isAllowed });
    let out = '';
    for (let at = 0; at < text.length; at += size) out += filter.push(text.slice(at, at + size));
    return out + filter.end();
  });
}

test.each([
  ['![secret](https://evil.example/?q=1) seen', 'secret seen'],
  ['Read [this](https://evil.example/a) now', 'Read this now'],
  ['Go to https://evil.example/x?y=z, then', 'Go to evil.example/x?y=z, then'],
  ['<img src="https://evil.example/a.png">', '< img src="evil.example/a.png">'],
  ['See [x](//evil.example/a)', 'See x'],
  ['See ![x][1]!\n\n[1]: //evil.example/a', 'See x!\n\n[1] : evil.example/a'],
  ['See www.evil.example/a.', 'See evil.example/a.'],
])('%s', (text, expected) => {
  expect(new Set(filtered(text))).toEqual(new Set([expected]));
});

test.each([
  'Read [nodes](/docs/ros/nodes#publish) now',
  'Go to https://ros.org/docs.',
  'x = y //comment',
  'It holds [Source 1]. The h and a < b! Done',
  'array[index](argument), handlers[i](x + 1)',
  'Use https: it is safe. And/or, either / or, 5 km/h, C:\\Users\\ana, a // b',
  'package://robot.description/urdf and model://sun; std::vector<std::string> &x = a && b;',
  'curl http://localhost:8000/docs?x=1 and http://127.0.0.1.',
  'In HTML a slash is `&#47;`, less than is `&lt;`. R&D costs 5 & more.',
  'An await is w, ww and www; it ends with h',
])('%s is unchanged', (text) => {
  expect(new Set(filtered(text))).toEqual(new Set([text]));
});

test('plain text is sent at once', () => {
  const filter = createLinkFilter({ isAllowed });
  expect(filter.push('A lidar measures [Source 1]')).toBe('A lidar measures [Source 1]');
});

/** Spellings that a browser reads as a URL of another host. */
const addresses = [
  'https://evil.example/?q=1',
  'HTTP://EVIL.example/',
  'https:/evil.example/a',
  'https:\\\\evil.example/a',
  'http:evil.example/a',
  '//evil.example/a',
  '\\\\evil.example/a',
  '/\\evil.example/a',
  '//16843009/a',
  '//0x1010101/a',
  '//evil。example/a',
  'ftp://evil.example/a',
  'https\\://evil.example/a',
  '\\//evil.example/a',
  '&#47;&#47;evil.example/a',
  '&#x2F;&sol;evil.example/a',
  '&#104;ttps://evil.example/a',
  'https&colon;//evil.example/a',
  'ht\ttps://evil.example/a',
  'ht&#9;tps://evil.example/a',
  'https&NewLine;://evil.example/a',
  'https&#58//evil.example/a',
  '&#104ttps:&#x2f/evil.example/a',
  'https&#0000000058;&#47;&#47;evil.example/a',
  '&sol;&#9;&sol;evil.example/a',
  'java&#9;script:alert(1)',
  'java\nscript:alert(1)',
  '&#1;javascript:alert(1)',
  'javascript:alert(1)',
  'http://localhost.evil.example/a',
  'http://localhost:a@evil.example/a',
  'http://localhost:1@evil.example/a',
  'http://127.0.0.1@evil.example/a',
];
/** Ways to put a URL into an answer. */
const places: ((address: string) => string)[] = [
  (at) => `![x](${at})`,
  (at) => `![x](<${at}> "title")`,
  (at) => `![x](\n${at})`,
  (at) => `[x](${at})`,
  (at) => `[x]( ${at} "title" )`,
  (at) => `[![x](${at})](${at})`,
  (at) => `[a [b] c](${at})`,
  (at) => `![x][1]\n\n[1]: ${at}\n`,
  (at) => `[x][1] and ![1]\n\n[1]:\n  <${at}> 'title'\n`,
  (at) => `Look at ${at} now`,
  (at) => `<${at}>`,
  (at) => `<img src="${at}">`,
  (at) => `<img src = ${at} >`,
  (at) => `<a href='${at}'>x</a>`,
  (at) => `| a |\n|---|\n| ![x](${at}) |\n`,
];

/** Every URL that a page would link or load for this answer, rendered as Markdown. */
function addressesIn(markdown: string): string[] {
  const urls: string[] = [];
  const parser = new Parser({
    onopentag: (_name, { src, href }) => urls.push(...[src, href].filter((url) => url !== undefined)),
  });
  const walk = (node: { type: string; url?: string; value?: string; children?: unknown[] }): void => {
    if (node.url !== undefined) urls.push(node.url);
    if (node.type === 'html') parser.write(node.value ?? '');
    for (const child of node.children ?? []) walk(child as typeof node);
  };
  walk(fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }));
  parser.end();
  return urls;
}

/** What a URL means depends on the scheme of the page. */
const hostsOf = (url: string): string[] =>
  ['https:', 'http:'].map((scheme) => {
    const { protocol, host } = new URL(url, `${scheme}//book.example/docs/page`);
    return protocol.startsWith('http') ? host : protocol;
  });

test.each(addresses)('no Markdown that contains %s links or loads it', (address) => {
  for (const place of places) {
    const text = place(address);
    for (const out of filtered(text))
      for (const url of addressesIn(out))
        expect([text, out, ...hostsOf(url)]).toEqual([text, out, 'book.example', 'book.example']);
  }
});

test('without the filter, the check above finds every URL', () => {
  const seen = addresses.filter((address) =>
    places.some((place) =>
      addressesIn(place(address)).some((url) => hostsOf(url).some((host) => host !== 'book.example')),
    ),
  );
  expect(seen).toEqual(addresses);
});
