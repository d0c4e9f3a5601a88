import { describe, expect, it } from 'vitest';
import { line } from '../../../wizard/model/display/line.ts';
import { textOf, wrapLine } from '../../../wizard/ui/wrap.ts';

describe('a wrapped line', () => {
  it('breaks between words and indents the following rows', () => {
    const row = line('new        Hugging Face: the image is built and started', 'plain', 11);
    expect(wrapLine(row, { columns: 40 })).toEqual([
      'new        Hugging Face: the image is',
      '           built and started',
    ]);
  });

  it('is not indented when there are too few columns', () => {
    const row = line('new        Hugging Face: the image', 'plain', 11);
    expect(wrapLine(row, { columns: 30 }).every(({ length }) => length <= 30)).toBe(true);
    expect(wrapLine(row, { columns: 30 })[1]).toBe('image');
  });

  it('splits a long word, or leaves it for the terminal to wrap', () => {
    const address = line(`see https://example.org/${'a'.repeat(30)}`);
    expect(wrapLine(address, { columns: 20 }).slice(0, 2)).toEqual(['see', 'https://example.org/']);
    expect(wrapLine(address, { columns: 20, keepsWords: true })).toEqual(['see', address.text.slice(4)]);
  });

  it('has a newline after each row, and is not wrapped without a terminal', () => {
    const lines = [line('  2. A choice of some length', 'plain', 5), line('https://example.org/long/path')];
    expect(textOf(lines, 30)).toBe('  2. A choice of some length\nhttps://example.org/long/path\n');
    expect(textOf(lines, 20)).toBe('  2. A choice of\nsome length\nhttps://example.org/long/path\n');
    expect(textOf(lines, null)).toBe('  2. A choice of some length\nhttps://example.org/long/path\n');
  });

  it('does not split a citation', () => {
    expect(wrapLine(line('It is so. [Source 1] And so.'), { columns: 18 })).toEqual([
      'It is so.',
      '[Source 1] And so.',
    ]);
  });

  it('contains every word at any width', () => {
    const text = 'The Space is PUBLIC: a reader’s browser must reach it. Its secrets are not shown.';
    for (let columns = 12; columns < 90; columns++) {
      const rows = wrapLine(line(text), { columns });
      expect(rows.join(' ')).toBe(text);
      expect(Math.max(...rows.map((row) => row.length))).toBeLessThanOrEqual(columns);
    }
  });
});
