/** What every deployment of the lane is given: its frontend, what its owner sets by hand, what its reader asks. */
import { expect } from 'vitest';
import type { Reply } from './reader-page.ts';

/** Their sources are in `test/fixtures/upgrade`. */
export const frontends = ['stream-with-mode', 'stream-without-mode', 'json', 'same-origin'] as const;
export type Frontend = (typeof frontends)[number];

/** What a reader asks before the update, and goes on with after it. */
export const firstQuestion = 'How is the wind sensor mounted?';
export const nextQuestions = ['How high should the mast be?', 'How is the rain gauge calibrated?'] as const;

/** What an owner sets by hand; none of it is this tool's. */
export const ownersChoice = {
  spaceVariables: { CHAT_PER_MINUTE: '77', CHAT_ALIAS_ROUTES: 'on', OWNERS_NOTE: 'mine' },
  spaceSecret: 'OWNERS_SECRET',
  origin: 'https://reading-club.example',
  projectVariable: { key: 'OWNERS_FLAG', value: 'on', target: ['production', 'preview'] },
};

export function expectAnswer(reply: Reply): void {
  expect(reply.failure).toBe('');
  expect(reply.answer).toMatch(/\[Source \d+\]/);
  expect(reply.sources.length).toBeGreaterThan(0);
}
