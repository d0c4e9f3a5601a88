import { basename } from 'node:path';
import type { Credentials } from '../model/credential.ts';
import type { Question, Reply } from '../model/question.ts';
import { folderProject } from '../deployment/frontend/folder-project.ts';
import { canGoBack, placeOf, takeReply, valuePrompt, type Interview } from './ask.ts';
import {
  findProject,
  projectLabel,
  projectsOf,
  moveToFront,
} from '../deployment/frontend/vercel-projects.ts';
import { defaultSpaceName } from '../hosting/space/space-name.ts';
import type { Session } from '../model/runtime.ts';

/** Choices that the keys 1 to 9 reach; more are searched. */
const mostNumbered = 9;

/** Puts one question of a place, and takes the reply in; Vercel's project is chosen from a list. */
export async function askPlaceQuestion(
  session: Session,
  of: {
    state: Interview;
    credentials: Partial<Credentials>;
    question: Question;
    room: readonly Question[];
  },
): Promise<Reply> {
  const { state, credentials, question, room } = of;
  const { signal } = session.runtime;
  const { renderer } = session;
  const scope = credentials.vercel?.scope;
  const team = state.answers.VERCEL_TEAM?.value ?? null;
  const projects = scope === undefined ? [] : projectsOf(scope, team);
  if (question.name === 'VERCEL_PROJECT' && scope !== undefined && projects.length > 0) {
    const problem = state.problems.get('VERCEL_PROJECT');
    const wanted = state.proposals.VERCEL_PROJECT?.value;
    const proposed = wanted === undefined ? null : findProject(scope, { project: wanted, team });
    const here = await folderProject(session, projects);
    const choices = moveToFront(projects, proposed ?? here).map((one) => ({
      value: one.id,
      label: projectLabel(one),
      note: one === here ? 'this folder’s' : one.framework,
    }));
    const reply = await renderer.ask(
      {
        type: 'choice',
        name: question.name,
        title: 'Which Vercel project is the book?',
        place: placeOf(state, question, room),
        lines: problem === undefined ? [] : [problem.message],
        choices,
        isSearched: choices.length > mostNumbered,
        canGoBack: canGoBack(state),
      },
      { signal },
    );
    if (reply.type === 'choice') {
      state.problems.delete('VERCEL_PROJECT');
      state.answers.VERCEL_PROJECT = { value: reply.value, source: 'chosen', cleaned: [] };
      state.asked.push('VERCEL_PROJECT');
    }
    return reply;
  }
  if (question.name === 'HF_SPACE') proposeSpace(session, state, credentials);
  const reply = await renderer.ask(valuePrompt(state, question, room), { signal });
  if (reply.type === 'value' || reply.type === 'accept') takeReply(session, state, question, reply);
  return reply;
}

function proposeSpace(session: Session, state: Interview, credentials: Partial<Credentials>): void {
  const account = credentials.huggingface?.account;
  const scope = credentials.vercel?.scope;
  if (account === undefined) return;
  const wanted = state.answers.VERCEL_PROJECT?.value;
  const team = state.answers.VERCEL_TEAM?.value ?? null;
  const chosen =
    wanted === undefined || scope === undefined ? null : findProject(scope, { project: wanted, team });
  const value = defaultSpaceName(account, chosen?.name ?? basename(session.runtime.cwd));
  const { proposals } = state;
  // The one that was refused is not offered again.
  if (state.problems.has('HF_SPACE')) return;
  // Another project, another name; one that a person gave stays.
  if (proposals.HF_SPACE !== undefined && proposals.HF_SPACE.source !== 'default') return;
  proposals.HF_SPACE = { value, source: 'default', cleaned: [] };
}
