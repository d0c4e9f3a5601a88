import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { loaderFile } from '../../../server/widget/loader/loader-file.ts';
import { interfaceLanguages, localiseTexts } from '../../../server/widget/translations/localise-texts.ts';
import { widgetFile } from '../../../server/widget/widget-files.ts';

const sizeOf = (text: string): number => gzipSync(text, { level: 9 }).length;

test('the widget has at most 15 kB, compressed', () => {
  const { text, gzipped } = widgetFile();
  expect(text.length).toBeGreaterThan(10_000);
  expect(gzipped.length).toBeLessThanOrEqual(15_000);
});

test.for(interfaceLanguages)('the loader has at most 2 kB, compressed, in every language: %s', (language) => {
  const { texts } = localiseTexts(language);
  const file = loaderFile(texts);
  expect(sizeOf(file)).toBeLessThanOrEqual(2_000);
  expect(file).not.toContain('%TEXTS%');
  // A broken escape would not be a script.
  expect(() => new Function(file)).not.toThrow();
});

test('every language has every text, with its place for a value', () => {
  const english = localiseTexts('en').texts;
  for (const language of interfaceLanguages) {
    const { texts } = localiseTexts(language);
    expect(Object.keys(texts).toSorted()).toEqual(Object.keys(english).toSorted());
    for (const [name, text] of Object.entries(texts)) {
      expect([language, name, text.trim() === '']).toEqual([language, name, false]);
      const has = english[name as keyof typeof english].includes('%');
      expect([language, name, text.includes('%')]).toEqual([language, name, has]);
    }
  }
});

test('the interface has every language that a refusal has', () => {
  const source = readFileSync('server/chat/localise-refusal.ts', 'utf8');
  const codes = [...source.matchAll(/\['(\w\w)', /g)].map(([, code]) => code);
  expect(codes.length).toBeGreaterThan(15);
  expect(interfaceLanguages).toEqual(expect.arrayContaining(codes));
});

test.for([
  ['pt-BR', 'pt', 'ltr'],
  ['AR', 'ar', 'rtl'],
  ['he_IL', 'he', 'rtl'],
  ['xx', 'en', 'ltr'],
  ['', 'en', 'ltr'],
  ['constructor', 'en', 'ltr'],
])('a language tag is read: %s', ([tag, language, direction]) => {
  expect(localiseTexts(tag!)).toMatchObject({ language, direction });
});
