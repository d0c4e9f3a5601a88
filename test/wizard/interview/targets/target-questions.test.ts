import { describe, expect, it } from 'vitest';
import { runFlow } from '../../../../wizard/interview/flow.ts';
import { interviewState } from '../../../../wizard/interview/interview-state.ts';
import { sessionFlow } from '../../../../wizard/interview/session-flow.ts';
import { refusedBook, bookResources } from '../../../../wizard/interview/targets/book-questions.ts';
import {
  folderProjectResource,
  targetQuestions,
  targetsIn,
} from '../../../../wizard/interview/targets/target-questions.ts';
import { refusedTargets, type TargetState } from '../../../../wizard/interview/targets/target-state.ts';
import type { Answers } from '../../../../wizard/model/answers.ts';
import type { VercelProject } from '../../../../wizard/model/credential.ts';
import type { Reply } from '../../../../wizard/model/question.ts';
import { Secret } from '../../../../wizard/model/secret.ts';
import { accept, back, choose, plainAnswers, sampleBook, sessionWith, type } from '../scripted-session.ts';

const project = (id: string, teamSlug: string | null): VercelProject => ({
  id,
  name: id,
  teamId: teamSlug && `team_${teamSlug}`,
  teamSlug,
  framework: null,
});
const rights = { needed: [], has: [], excess: [], page: '' };
const vercel: NonNullable<TargetState['vercel']> = {
  verdict: 'accepted',
  message: '',
  rights,
  credential: {
    token: new Secret('t'),
    apiUrl: '',
    scope: {
      user: 'ana',
      teams: [
        { id: null, slug: null, plan: null, name: 'ana' },
        { id: 'team_lab', slug: 'lab', plan: null, name: 'Lab' },
      ],
      defaultTeam: null,
      projects: [project('plain', 'lab'), project('book', 'lab'), project('mine', null)],
    },
  },
};
const huggingface: NonNullable<TargetState['huggingface']> = {
  verdict: 'accepted',
  message: '',
  rights,
  credential: {
    token: new Secret('h'),
    endpoint: '',
    account: {
      name: 'ana',
      isPro: true,
      owners: [{ name: 'ana', canCreateDockerSpaces: true, plan: null }],
      role: 'write',
    },
  },
};

/** The targets in the end, and the prompts up to there. */
async function ask(
  replies: Reply[] | null,
  { answers, ...state }: { answers: Answers; proposals?: Answers } & Pick<TargetState, 'huggingface'>,
) {
  const { session, prompts } = sessionWith(replies, { cwd: sampleBook });
  const refusalsIn = (view: TargetState) => ({ ...refusedTargets(view), ...refusedBook(view) });
  const final = await runFlow<TargetState>({
    ...sessionFlow(session, {
      questions: targetQuestions<TargetState>({ session, refusalsIn, isBookNeeded: () => true, after: [] }),
      refusalsIn,
    }),
    initial: {
      ...interviewState(session, { answers, proposals: {} }),
      hostingAccount: null,
      knownPlace: null,
      vercel,
      ...state,
    },
    resources: [...bookResources<TargetState>({ session }), folderProjectResource<TargetState>(session)],
  });
  if (final === null) throw new Error('the flow was left');
  return { targets: targetsIn(session, final), prompts };
}

describe('the project', () => {
  it('that was proposed is the first choice, and only what is asked is counted', async () => {
    const { prompts } = await ask([choose('book')], {
      answers: {},
      proposals: plainAnswers({ VERCEL_PROJECT: 'book' }),
    });
    expect(prompts).toMatchObject([
      { place: { index: 1, total: 1 }, choices: [{ value: 'book' }, { value: 'plain' }, { value: 'mine' }] },
    ]);
  });

  it('of a team that the token does not reach is chosen among all', async () => {
    const { prompts, targets } = await ask([choose('book')], {
      answers: plainAnswers({ VERCEL_TEAM: 'nope' }),
    });
    expect(prompts[0]).toMatchObject({ lines: [expect.stringContaining('no team “nope”')] });
    expect(targets.project?.id).toBe('book');
  });

  it('that the environment names and that does not exist is asked for again', async () => {
    const { prompts, targets } = await ask([choose('mine')], {
      answers: plainAnswers({ VERCEL_PROJECT: 'nope' }),
    });
    expect(prompts[0]).toMatchObject({ lines: [expect.stringContaining('no single project named "nope"')] });
    expect(targets.project?.id).toBe('mine');
  });

  it('is missing, or wrong, where no one can be asked', async () => {
    await expect(ask(null, { answers: {} })).rejects.toMatchObject({ code: 'input-missing' });
    const wrong = ask(null, { answers: plainAnswers({ VERCEL_PROJECT: 'nope' }) });
    await expect(wrong).rejects.toMatchObject({ code: 'project-not-found' });
    const team = ask(null, { answers: plainAnswers({ VERCEL_TEAM: 'nope' }) });
    await expect(team).rejects.toMatchObject({ code: 'team-not-found' });
  });

  it('is the only one of the team where no one can be asked', async () => {
    const { targets } = await ask(null, { answers: plainAnswers({ VERCEL_TEAM: 'ana' }) });
    expect(targets.project?.id).toBe('mine');
  });
});

describe('the Space', () => {
  it('is named after the project, also after another one is chosen', async () => {
    const { prompts, targets } = await ask([choose('plain'), back, choose('mine'), accept], {
      answers: {},
      huggingface,
    });
    expect(prompts).toMatchObject([
      { type: 'choice', place: { index: 1, total: 2 } },
      { proposal: { shown: 'ana/plain-chat', source: 'default' } },
      { type: 'choice' },
      { proposal: { shown: 'ana/mine-chat', source: 'default' } },
    ]);
    expect(targets).toMatchObject({ space: 'ana/mine-chat', isSpaceNamed: false });
  });

  it('is asked for again where its name cannot be one', async () => {
    const { prompts, targets } = await ask([type('ana/a--b'), type('ana/b')], {
      answers: plainAnswers({ VERCEL_PROJECT: 'book' }),
      huggingface,
    });
    expect(prompts[1]).toMatchObject({
      proposal: null,
      problem: { message: '"ana/a--b" is not the name of a Space.' },
    });
    expect(targets).toMatchObject({ space: 'ana/b', isSpaceNamed: true });
  });
});
