import { describe, expect, it } from 'vitest';
import { limitVariables } from '../../../wizard/deployment/server/chat-limits.ts';
import { marker } from '../../../wizard/hosting/fingerprint.ts';
import { interviewState } from '../../../wizard/interview/interview-state.ts';
import {
  retentionLimits,
  retentionQuestion,
  type RetentionState,
} from '../../../wizard/interview/retention-question.ts';
import { choose, sessionWith } from './scripted-session.ts';

const question = retentionQuestion<RetentionState>([]);
const expiring = [
  { days: 365, own: 0, unnamed: 0 },
  { days: 90, own: 0, unnamed: 4 },
  { days: 30, own: 2, unnamed: 7 },
];

function stateWith(more: Partial<RetentionState>, argv: string[] = []): RetentionState {
  const { session } = sessionWith([], { argv });
  const state = interviewState(session, { answers: {}, proposals: {} });
  return { ...state, retention: null, expiring, ...more };
}

const limitsAfter = (value: string) => {
  const answered = question.answer(stateWith({}), choose(value) as { type: 'choice'; value: string });
  return 'retention' in answered ? retentionLimits(answered) : null;
};

describe('how long conversations are kept', () => {
  it('is asked with the rows that each answer deletes, keeping first', () => {
    const prompt = question.prompt(stateWith({}));
    expect('choices' in prompt ? prompt.choices.map(({ value, note }) => [value, note]) : null).toEqual([
      ['keep', 'deletes nothing'],
      ['90 own', 'deletes nothing that is there'],
      ['90 all', 'deletes 4 messages'],
      ['30 all', 'deletes 9 messages'],
    ]);
    expect(limitsAfter('keep')).toEqual({});
    expect(limitsAfter('90 own')).toEqual({ CHAT_RETENTION_DAYS: '90' });
    expect(limitsAfter('30 all')).toEqual({ CHAT_RETENTION_DAYS: '30', CHAT_RETENTION_UNNAMED: 'on' });
  });

  it('is not asked under --yes, twice, or where the database has nothing', () => {
    expect(question.isOpen(stateWith({}))).toBe(true);
    const closed = [
      stateWith({}, ['--yes']),
      stateWith({ expiring: null }),
      stateWith({ retention: { type: 'keep' } }),
    ];
    expect(closed.map((state) => question.isOpen(state))).toEqual([false, false, false]);
  });

  it('what was accepted stays at an update, and no environment begins it', () => {
    const written = (value: string) => ({ value, description: marker });
    const current = { CHAT_RETENTION_UNNAMED: written('on'), CHAT_RETENTION_DAYS: written('30') };
    expect(limitVariables({}, { current: {}, isNew: true })).not.toHaveProperty('CHAT_RETENTION_UNNAMED');
    const update = limitVariables({ limits: { CHAT_RETENTION_DAYS: '1' } }, { current, isNew: false });
    expect(update).toMatchObject({ CHAT_RETENTION_DAYS: '30', CHAT_RETENTION_UNNAMED: 'on' });
  });
});
