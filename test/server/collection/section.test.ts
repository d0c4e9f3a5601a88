import { expect, it } from 'vitest';
import { headingText } from '../../../server/collection/section.ts';
import { buildBm25Index } from '../../../server/collection/bm25-index.ts';
import { runAtOnce } from '../../../server/collection/run-in-slices.ts';
import { sparseVector } from '../../../server/collection/sparse-vector.ts';
import { sampleSections } from '../sample-sections.ts';

const section = { title: 'Rate limits', headings: ['Retry'], url: '' };

it('adds the words of the address that the headings lack, once', () => {
  const url = 'https://docs.example.com/docs/billing-and-plans/rate_limits/index.html#retry-after-plans';
  expect(headingText({ ...section, url })).toBe('Rate limits › Retry billing and plans after');
});

it('reads escaped words, and survives an address that cannot be read', () => {
  expect(headingText({ ...section, url: '/docs/%C3%BCbersicht#retry' })).toBe(
    'Rate limits › Retry übersicht',
  );
  expect(headingText({ ...section, url: '/100%/quota' })).toBe('Rate limits › Retry 100 quota');
  expect(headingText(section)).toBe('Rate limits › Retry');
});

it('lets a section be found by the folder of its page, in memory and by Qdrant’s sparse vectors', () => {
  const sections = sampleSections.map((sample, index) =>
    index === 2 ? { ...sample, url: '/docs/actuators/pid#tuning' } : sample,
  );
  const { hits } = runAtOnce(buildBm25Index(sections)).search({ text: 'actuators', limit: 3 });
  expect(hits.map((hit) => hit.section.url)).toEqual(['/docs/actuators/pid#tuning']);
  const [term] = sparseVector('actuators').indices;
  expect(sections.map((entry) => sparseVector(entry).indices.includes(term ?? 0))).toEqual([
    false,
    false,
    true,
    false,
    false,
  ]);
});
