import { expect, it } from 'vitest';
import type { DeployState, ExistingSpace } from '../../../../wizard/flows/deploy/deploy-state.ts';
import { neededServices, possibleServices } from '../../../../wizard/flows/deploy/required-services.ts';
import { resumeQuestion } from '../../../../wizard/flows/deploy/resume-menu.ts';

const existingSpace: ExistingSpace = {
  space: 'vercel/~ana/book-chat',
  stage: 'RUNNING',
  health: 'healthy',
  serverVersion: '0.1.0',
  version: '0.1.0',
  unfinished: [],
  projectId: 'prj_1',
};
const flags = { apiUrl: null, hosting: null, noFrontend: false, noIndex: false };
const state = { existingSpace, action: null, answers: {}, existingSecrets: null } as unknown as DeployState;

it.each(['converge', 'other-project'])(
  'a function is resumed (%s) without a Hugging Face account',
  (value) => {
    const next = resumeQuestion.answer(state, { type: 'choice', value }) as DeployState;
    expect(neededServices(flags, next)).not.toContain('huggingface');
    expect(neededServices(flags, next)).toContain('vercel');
    expect(next.answers).not.toHaveProperty('HF_SPACE');
    expect(next).toMatchObject({ hosting: 'vercel', knownPlace: existingSpace.space });
    // A Space still needs one.
    const space = { ...state, existingSpace: { ...existingSpace, space: 'ana/book-chat' } };
    const other = resumeQuestion.answer(space, { type: 'choice', value }) as DeployState;
    expect(neededServices(flags, other)).toContain('huggingface');
  },
);

it('by flag, no service of Hugging Face is even possible', () => {
  expect(possibleServices({ ...flags, hosting: 'vercel' })).not.toContain('huggingface');
});
