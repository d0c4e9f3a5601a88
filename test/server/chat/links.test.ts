import { expect, test } from 'vitest';
import { createLinkFilter, linksIn } from '../../../server/chat/links.ts';

const isKnown = linksIn(['See https://ros.org/docs for more.'], ['/docs/ros/nodes#publish']);

test.each([
  ['![secret](https://evil.example/?q=1) seen', 'secret seen'],
  ['Read [this](https://evil.example/a) now', 'Read this now'],
  ['Read [nodes](/docs/ros/nodes#publish) now', 'Read [nodes](/docs/ros/nodes#publish) now'],
  ['Go to https://ros.org/docs.', 'Go to https://ros.org/docs.'],
  ['Go to https://evil.example/x?y=z, then', 'Go to (link removed), then'],
  ['<img src="https://evil.example/a.png">', '<img src="(link removed)">'],
  ['<img src="//evil.example/a.png">', '<img src="(link removed)">'],
  ['x = y //comment', 'x = y //comment'],
  ['See [x](//evil.example/a)', 'See x'],
  ['It holds [Source 1]. The h and a < b! Done', 'It holds [Source 1]. The h and a < b! Done'],
  ['array[index](argument)', 'array[index](argument)'],
])('%s', (text, expected) => {
  for (const size of [1, 4, 1000]) {
    const filter = createLinkFilter({ isKnown });
    let out = '';
    for (let at = 0; at < text.length; at += size) out += filter.push(text.slice(at, at + size));
    expect(out + filter.end()).toBe(expected);
  }
});

test('plain text passes at once', () => {
  const filter = createLinkFilter({ isKnown });
  expect(filter.push('A lidar measures [Source 1]')).toBe('A lidar measures [Source 1]');
});
