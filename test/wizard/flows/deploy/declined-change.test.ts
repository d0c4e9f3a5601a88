import { expect, it } from 'vitest';
import { declinedChange } from '../../../../wizard/flows/deploy/declined-change.ts';
import { Failure } from '../../../../wizard/model/failure.ts';
import type { ProposedWiring } from '../../../../wizard/interview/frontend/frontend-state.ts';

const failure = (code: string): Failure => new Failure({ code, message: 'No.', remedy: 'Wire it.' });
const proposedWiring: ProposedWiring = {
  variable: 'X',
  wiring: {} as ProposedWiring['wiring'],
  change: { summary: 'reads X', paths: ['src/chat.js'], wiring: {} as ProposedWiring['wiring'] },
  isOffered: true,
};
const declined = { on: proposedWiring, value: false };

it('offers the declined change of the source after a proof that found the page unwired', () => {
  const state = { failure: failure('frontend-not-wired'), proposedWiring, writesChange: declined };
  expect(declinedChange(state)?.note).toBe('src/chat.js');
});

it('offers nothing after another failure, for a change that was made, or without one', () => {
  const state = { failure: failure('frontend-not-wired'), proposedWiring, writesChange: declined };
  expect(declinedChange({ ...state, failure: failure('frontend-not-pushed') })).toBeNull();
  expect(declinedChange({ ...state, writesChange: { ...declined, value: true } })).toBeNull();
  expect(declinedChange({ ...state, proposedWiring: { ...proposedWiring, change: null } })).toBeNull();
});
