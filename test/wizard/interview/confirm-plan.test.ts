import { expect, it } from 'vitest';
import { confirmPlanQuestion, type ConfirmationState } from '../../../wizard/interview/confirm-plan.ts';
import type { Plan } from '../../../wizard/model/run/plan.ts';

const plan = (kind: 'unchanged' | 'new'): Plan => ({
  target: { space: 'ana/b', project: null, team: null, environment: 'production' },
  changes: [{ step: 'create-space', service: 'huggingface', kind, what: 'Space' }],
  remarks: [],
});
const isOpen = (kind: 'unchanged' | 'new', options: { isInteractive: boolean; hasYes?: boolean }) => {
  const { isInteractive, hasYes = false } = options;
  const question = confirmPlanQuestion<ConfirmationState>({ planIn: () => plan(kind), hasYes, after: [] });
  return question.isOpen({ isInteractive, isConfirmed: false });
};

it('a plan without a change needs no consent where no one can be asked; one with a change does', () => {
  expect(isOpen('unchanged', { isInteractive: false })).toBe(false);
  expect(isOpen('new', { isInteractive: false })).toBe(true);
  const question = confirmPlanQuestion<ConfirmationState>({
    planIn: () => plan('new'),
    hasYes: false,
    after: [],
  });
  expect(question.failure?.({ isInteractive: false, isConfirmed: false })).toMatchObject({
    code: 'confirmation-missing',
  });
});

it('every plan is shown to a user, but for one that --yes accepts', () => {
  expect(isOpen('unchanged', { isInteractive: true })).toBe(true);
  expect(isOpen('new', { isInteractive: false, hasYes: true })).toBe(false);
});
