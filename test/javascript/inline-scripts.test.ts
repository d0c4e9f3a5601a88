import { expect, it } from 'vitest';
import { blankExcept, inlineScripts } from '../../javascript/inline-scripts.ts';

it('keeps the scripts of a page at their offsets, each as a statement', () => {
  const html = '<script>a()</script>\n<script type="module">b()</script>';
  const scripts = inlineScripts(html);
  expect(scripts.indexOf('a()')).toBe(html.indexOf('a()'));
  expect(scripts.indexOf('b()')).toBe(html.indexOf('b()'));
  expect(scripts.replaceAll(' ', '')).toBe('a();b()');
});

it('leaves data and text out', () => {
  expect(inlineScripts('<p>a()</p><script type="application/json">{"b": 1}</script>').trim()).toBe('');
});

it('blanks everything but the ranges', () => {
  expect(
    blankExcept('abcdef', [
      { start: 1, end: 2 },
      { start: 4, end: 6 },
    ]),
  ).toBe(' b; ef');
});
