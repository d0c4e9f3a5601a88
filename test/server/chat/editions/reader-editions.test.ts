import { expect, test } from 'vitest';
import { createEditionMap } from '../../../../server/chat/editions/edition-map.ts';
import { readerEditions, type ReaderPlace } from '../../../../server/chat/editions/reader-editions.ts';
import type { Edition } from '../../../../server/collection/editions/edition.ts';

function edition(path: string, more: Partial<Edition> = {}): Edition {
  const version = more.version ?? '2.0';
  const base = { docs: 'default', locale: 'en', is_default: version === '2.0', folder: '', translates: null };
  return { path, label: version, sections: 10, ...base, ...more, version };
}

const map = createEditionMap([
  edition('/docs/'),
  edition('/docs/1.0', { version: '1.0' }),
  edition('/fr/docs', { locale: 'fr' }),
  edition('/fr/docs/1.0', { locale: 'fr', version: '1.0' }),
  edition('/api', { docs: 'api', version: '1.0', is_default: false, label: 'API one' }),
  edition('/api/next', { docs: 'api', version: 'current', is_default: true }),
]);

function pathsOf(place: Partial<ReaderPlace>): string[] {
  const nowhere = { question: '', address: null, version: null, locale: null };
  return readerEditions(map, { ...nowhere, ...place }).editions.map(({ path }) => path);
}

test('each docs plugin has a version of its own', () => {
  expect(pathsOf({ address: '/docs/1.0/intro' })).toEqual(['/docs/1.0', '/api/next']);
  expect(pathsOf({ address: '/api/intro' })).toEqual(['/docs/', '/api']);
});

test.each([
  'https://book.example/docs/1.0/intro/?a=b#c',
  '/docs/1.0',
  '/docs/1.0/a%20b',
  '/docs/1.0/../1.0/intro',
])('%s is a page of 1.0', (address) => {
  expect(pathsOf({ address })[0]).toBe('/docs/1.0');
});

test.each(['/docs/1.0.1/intro', '/docs/1', '/docs', '/docs/10'])('%s is none', (address) => {
  expect(pathsOf({ address })[0]).toBe('/docs/');
});

test.each(['/else', '//docs/1.0', 'https://', '/DOCS/1.0/x', '\u0000', 'javascript:alert(1)'])(
  '%j says nothing, and throws nothing',
  (address) => {
    expect(pathsOf({ address, locale: 'en' })[0]).toBe('/docs/');
  },
);

test.each([
  ['How is it done in 1.0?', '/docs/1.0'],
  ['version 1.0: how is it done?', '/docs/1.0'],
  ['I use v1.0.', '/docs/1.0'],
  ['I use v1.0, how do I start?', '/docs/1.0'],
  ['Does it run with Node 1.0?', '/docs/'],
  ['Is 1.0 a good ratio?', '/docs/'],
  ['in 1.0.3?', '/docs/'],
])('%s', (question, path) => {
  expect(pathsOf({ question, locale: 'en' })[0]).toBe(path);
});

test('an unknown version or language is not one of the book’s', () => {
  expect(pathsOf({ version: '9', locale: 'de' })).toEqual(['/docs/', '/fr/docs', '/api/next']);
});

test('a language that is not recognised by its words leaves all of them', () => {
  const polish = createEditionMap([edition('/docs'), edition('/pl/docs', { locale: 'pl' })]);
  const place = { question: 'What is it for?', address: null, version: null, locale: null };
  expect(readerEditions(polish, place).locales).toBeNull();
  expect(readerEditions(map, place).locales).toEqual(['en']);
});
