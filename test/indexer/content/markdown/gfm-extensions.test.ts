import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import { expect, test } from 'vitest';
import { gfmExtensions } from '../../../../indexer/content/markdown/gfm-extensions.ts';

function parseFully(text: string): unknown {
  return fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
}

function parse(text: string): unknown {
  const { syntax, mdast } = gfmExtensions(text);
  return fromMarkdown(text, { extensions: [syntax], mdastExtensions: mdast });
}

test.each([
  'Plain words, a [link](https://example.com/a_b_c) and `code`.',
  'See https://example.com/a_b_/_c_ for it.',
  'See (https://example.com/_c_) or HTTP://EXAMPLE.COM/*a*.',
  'At www.example.com/__init__ it begins.',
  'Write to a_b_@example.com or mailto:me@example.com.',
  'Not an address: import Tabs from "@theme/Tabs".',
  '| a | b |\n|---|---|\n| c | ~~d~~ |',
  'a ~b~ c ~~d~~',
  '- [ ] open\n- [x] done',
  'A note.[^1]\n\n[^1]: Its text with me@example.com.',
  'a\n| -\nb',
  '[one](https://example.com) and https://example.com/_two_',
])('parses as with all extensions: %j', (text) => {
  expect(parse(text)).toEqual(parseFully(text));
});

test('leaves out what a text has no sign of', () => {
  const names = (text: string): string[] => {
    const { text: inText, flow } = gfmExtensions(text).syntax;
    const constructs = [...Object.values(inText ?? {}), ...Object.values(flow ?? {})].flat();
    return [...new Set(constructs.map((construct) => construct?.name ?? ''))];
  };
  const all = names('Write to me@example.com. | ~');
  expect(all).toEqual(expect.arrayContaining(['emailAutolink', 'table', 'strikethrough']));
  expect(all.filter((name) => !names('A [link](https://example.com).').includes(name))).toEqual([
    'emailAutolink',
    'strikethrough',
    'table',
  ]);
});
