import { expect, it } from 'vitest';
import { freePlanScreen } from '../../../../wizard/interview/credentials/free-plan.ts';

it('says why a private Space is not offered, and offers the owner that has a plan', () => {
  const alternatives = { adoptable: [], hidden: ['ana/private-api'], owners: ['textbook-lab'] };
  const screen = freePlanScreen(alternatives, { space: 'reading-club/chat', offersVercel: true });
  expect(screen.lines).toEqual([expect.stringContaining('ana/private-api is private')]);
  expect(screen.choices[0]).toMatchObject({
    value: 'space textbook-lab/chat',
    label: 'Create it under textbook-lab',
  });
  expect(screen.choices.map(({ value }) => value)).toContain('vercel');
});
