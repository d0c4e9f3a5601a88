import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { widgetSettings } from '../../../../server/http/book/widget-routes.ts';
import { widgetFile } from '../../../../server/widget/widget-files.ts';
import { sampleSections } from '../../sample-sections.ts';
import { serveSampleBook } from '../../serve-sample-book.ts';

const book = serveSampleBook();

test('the widget is asked for again each time, and sent once', async () => {
  const response = await book.get('/widget.js', { 'accept-encoding': 'identity' });
  expect(response.headers.get('cache-control')).toBe('no-cache');
  expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  expect(await response.text()).toBe(widgetFile().text);
  const again = await book.get('/widget.js', { 'if-none-match': response.headers.get('etag') ?? '' });
  expect(again.status).toBe(304);
});

test('it is compressed for clients that read that', async () => {
  const response = await book.get('/widget.js', { 'accept-encoding': 'gzip' });
  expect(response.headers.get('content-encoding')).toBe('gzip');
  expect(response.headers.get('vary')).toMatch(/accept-encoding/i);
  expect(await response.text()).toBe(widgetFile().text);
});

test('a pinned address never changes, and its integrity is that of the text', async () => {
  const { digest, integrity, text } = widgetFile();
  const response = await book.get(`/widget-${digest}.js`);
  expect(response.headers.get('cache-control')).toMatch(/immutable/);
  expect(await response.text()).toBe(text);
  expect(integrity).toBe(`sha384-${createHash('sha384').update(text).digest('base64')}`);
  expect((await book.get('/widget-0123456789abcdef.js')).status).toBe(404);
});

test('the loader is written in the language of the site', async () => {
  expect(await (await book.get('/loader.js?lang=de-AT')).text()).toContain('Frag das Buch');
  expect(await (await book.get('/loader.js?lang=a&lang=b')).text()).toContain('Ask the book');
});

test('the settings have the texts of a language and headings of the book, and ask no model', async () => {
  const response = await book.get('/api/widget?lang=ar', { origin: 'https://book.example' });
  const settings = widgetSettings.parse(await response.json());
  expect(settings).toMatchObject({ language: 'ar', direction: 'rtl' });
  expect(settings.samples.length).toBeGreaterThan(0);
  const headings = sampleSections.flatMap(({ title, headings: above }) => [title, ...above]);
  for (const sample of settings.samples) expect(headings).toContain(sample);
  expect(book.modelCalls()).toEqual([]);
});

test.for(['https://evil.example', 'null'])('a page of %s gets no settings', async (origin) => {
  expect((await book.get('/api/widget', { origin })).status).toBe(403);
});
