import { isVercelPlace, parseFunctionPlace } from '../model/formats/function-place.ts';
import { Failure } from '../model/failure.ts';
import type { QuestionSpec } from '../model/question.ts';
import { cancelledEarly, runFlow, type FlowQuestion } from './flow.ts';
import { askUser } from './session-flow.ts';
import type { Session } from '../model/runtime.ts';

/**
 * What cannot be taken back is confirmed by typing the Space's name; in a script by `--yes` with that very name in
 * `--space`, or a Vercel project's in `--hosting-project`. Throws Failure `confirmation-missing` or cancelled.
 */
export async function confirmByName(session: Session, space: string): Promise<void> {
  const { flags, renderer } = session;
  if (flags.yes && (flags.space === space || isNamedProject(flags, space))) return;
  if (flags.yes || !renderer.canAsk) throw notConfirmed(space);
  const question: QuestionSpec = {
    name: 'HF_SPACE',
    service: null,
    title: `Type ${space} to do all this`,
    hint: 'It cannot be taken back. Ctrl-C leaves everything as it is.',
    link: null,
    flag: '--space',
    masked: false,
    optional: false,
  };
  const final = await runFlow<NameState>({
    initial: { isConfirmed: false },
    questions: [nameQuestion(question, space)],
    ask: askUser(session),
    signal: session.runtime.signal,
  });
  if (final === null) throw cancelledEarly();
}

function isNamedProject({ hostingProject }: Session['flags'], place: string): boolean {
  return isVercelPlace(place) && parseFunctionPlace(place).name === hostingProject;
}

type NameState = { isConfirmed: boolean };

function nameQuestion(question: QuestionSpec, space: string): FlowQuestion<NameState> {
  return {
    id: question.name,
    isOpen: ({ isConfirmed }) => !isConfirmed,
    prompt: () => ({
      type: 'value',
      question,
      place: { index: 1, total: 1 },
      problem: null,
      proposal: null,
    }),
    answer: (_, reply) =>
      reply.type === 'value' && reply.raw.trim() === space
        ? { isConfirmed: true }
        : { message: 'This is another name.', remedy: `Type ${space}, or press Ctrl-C.` },
  };
}

function notConfirmed(space: string): Failure {
  return new Failure({
    kind: 'input-missing',
    code: 'confirmation-missing',
    message: 'Nothing was removed: it was not confirmed by the server’s name.',
    remedy: `Add --yes ${isVercelPlace(space) ? `--hosting-project ${parseFunctionPlace(space).name}` : `--space ${space}`}, or run it in a terminal.`,
  });
}
