import { expect, it } from 'vitest';
import { interviewState, type InterviewState } from '../../../wizard/interview/interview-state.ts';
import { outlineOf } from '../../../wizard/interview/outline.ts';
import type { Answers } from '../../../wizard/model/answers.ts';
import { Secret } from '../../../wizard/model/secret.ts';

const url: Answers = {
  DATABASE_URL: { value: new Secret('postgresql://ana:secret@db.example/book'), source: 'Neon', cleaned: [] },
};

function postgresRow(parts: { createdIn?: () => Answers }): unknown {
  const session = {
    renderer: { canAsk: true },
    flags: { yes: false, hosting: null },
    runtime: { env: {} },
  };
  const state = interviewState(session as never, { answers: {}, proposals: {} });
  const { keys } = outlineOf<InterviewState>(
    { servicesIn: () => ['postgres'], ...parts },
    { state, questions: [], phase: 'keys' },
  );
  return keys[0];
}

it('a database that was created counts as given, and says where it came from', () => {
  expect(postgresRow({})).toMatchObject({ state: 'missing' });
  expect(postgresRow({ createdIn: () => url })).toMatchObject({ state: 'given', source: 'Neon' });
});
