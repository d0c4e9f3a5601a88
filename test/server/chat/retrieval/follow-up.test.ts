import { expect, test } from 'vitest';
import { expandFollowUp } from '../../../../server/chat/retrieval/follow-up.ts';

const previous = 'How do I charge a lithium battery?';
const history = [
  { role: 'user', text: 'What is a lidar?' },
  { role: 'assistant', text: 'A sensor.' },
  { role: 'user', text: previous },
  { role: 'assistant', text: 'Slowly, and never unattended.' },
] as const;

test.each(['And the second one?', 'Why?', 'How warm may it get while doing that?', 'What about nickel?'])(
  '"%s" is searched with what it refers to',
  (message) => {
    expect(expandFollowUp({ message, history })).toBe(`${message}\n${previous}`);
    expect(expandFollowUp({ message, history: [] })).toBe(message);
  },
);

test.each([
  'How far does a small lidar measure indoors?',
  'Which proportional gain makes this loop of a heavy gripper arm oscillate the most?',
])('"%s" is searched without the previous question', (message) => {
  expect(expandFollowUp({ message, history })).toBe(message);
});
