import { expect, test } from 'vitest';
import { offTopicQuestions } from '../../../../../indexer/sync/calibration/off-topic-questions/off-topic-questions.ts';
import { localiseRefusal } from '../../../../../server/chat/localise-refusal.ts';

test.each(['en', 'de', 'es-MX', 'fr', 'xx', ''])(
  'there are about forty different questions for %j',
  (locale) => {
    const questions = offTopicQuestions(locale);
    expect(new Set(questions).size).toBe(questions.length);
    // With forty sentences of the book they go into one embedding call of at most a hundred.
    expect(questions.length).toBeGreaterThanOrEqual(40);
    expect(questions.length).toBeLessThanOrEqual(60);
  },
);

test.each([
  ['de', 'Dazu habe ich'],
  ['es', 'No encontré'],
  ['fr', "Je n'ai pas"],
])('most questions for %s are recognised as that language', (locale, refusal) => {
  const questions = offTopicQuestions(locale);
  const recognised = questions.filter((question) => localiseRefusal(question).startsWith(refusal));
  expect(recognised.length).toBeGreaterThan(questions.length / 2);
});
