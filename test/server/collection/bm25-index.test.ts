import { expect, test } from 'vitest';
import { buildBm25Index } from '../../../server/collection/bm25-index.ts';
import { runAtOnce } from '../../../server/collection/run-in-slices.ts';
import { sampleSections } from '../sample-sections.ts';

const index = runAtOnce(buildBm25Index(sampleSections));
const first = (text: string): string | undefined => index.search({ text, limit: 3 }).hits[0]?.section.url;

test.each([
  ['how far does lidar see', '/docs/sensors/lidar#range'],
  ['tuning a controller', '/docs/control/pid#tuning'],
  ['publish messages', '/docs/ros/nodes#publish'],
])('"%s" finds %s', (text, url) => {
  expect(first(text)).toBe(url);
});

test('a word in the heading weighs more than the same word in the text', () => {
  const [lidar, cameras] = sampleSections;
  const sections = [
    {
      ...lidar!,
      content: 'The gripper is mentioned here among other things of the arm.',
      headings: ['Arms'],
    },
    {
      ...cameras!,
      content: 'Other things of the arm are mentioned here, among them one.',
      headings: ['Gripper'],
    },
  ];
  const [hit] = runAtOnce(buildBm25Index(sections)).search({ text: 'gripper', limit: 1 }).hits;
  expect(hit?.section.headings).toEqual(['Gripper']);
});

test('coverage falls when the question is about things that the book lacks', () => {
  const onTopic = index.search({ text: 'lidar range resolution', limit: 1 }).coverage;
  const offTopic = index.search({ text: 'chocolate cake recipe range', limit: 1 }).coverage;
  expect(onTopic).toBeGreaterThan(0.8);
  expect(offTopic).toBeLessThan(0.3);
  expect(index.search({ text: 'the of and', limit: 1 })).toEqual({ hits: [], coverage: 0, deviation: 0 });
});

test('a section that shares only generic words with a question does not cover it', () => {
  const coverage = (text: string): number => index.search({ text, limit: 1 }).coverage;
  expect(coverage('Which violin needs one never once less?')).toBe(0);
  // The book contains `once`, so a question of generic words only is judged by it.
  expect(coverage('When once, when not?')).toBeGreaterThan(0.5);
});
