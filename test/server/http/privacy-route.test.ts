import { readFileSync } from 'node:fs';
import Fastify from 'fastify';
import { expect, test } from 'vitest';
import { homePage } from '../../../server/home/home-page.ts';
import { privacyRoute, privacyText } from '../../../server/http/privacy-route.ts';

const squeeze = (text: string): string => text.replaceAll('’', "'").replaceAll(/[\s>]+/g, ' ');

test('the paragraph is the one in the docs, and says for how long', () => {
  const docs = readFileSync(new URL('../../../docs/privacy.md', import.meta.url), 'utf8');
  expect(squeeze(docs)).toContain(squeeze(privacyText(null)));
  expect(privacyText(90)).toContain('for 90 days');
});

test('it is a page, whose title is escaped', async () => {
  const app = Fastify();
  privacyRoute(app, { bookTitle: '<b>Robots & more', retention: { days: 30 } });
  const { body, headers } = await app.inject('/privacy');
  expect(headers['content-type']).toContain('text/html');
  expect(body).toContain('<title>&lt;b>Robots &amp; more: privacy</title>');
  expect(body).toContain('for 30 days');
  await app.close();
});

test('the server’s own page links to it', () => {
  const page = homePage({ bookTitle: 'Robots', version: '1', frontendUrl: null });
  expect(page).toContain('<a href="privacy" target="_blank" rel="noopener">What is kept</a>');
});
