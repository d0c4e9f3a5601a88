import { Failure } from '../model/failure.ts';
import type { Question } from '../model/question.ts';
import { cancelledEarly } from './cancelled.ts';
import type { Session } from '../model/runtime.ts';

/**
 * What cannot be taken back is confirmed by typing the Space's name; in a script by `--yes` with that very name in
 * `--space`. Throws Failure `confirmation-missing` or cancelled.
 */
export async function confirmByName({ flags, renderer, runtime }: Session, space: string): Promise<void> {
  if (flags.yes && flags.space === space) return;
  if (flags.yes || !renderer.canAsk) throw notConfirmed(space);
  const question: Question = {
    name: 'HF_SPACE',
    service: null,
    title: `Type ${space} to do all this`,
    hint: 'It cannot be taken back. Ctrl-C leaves everything as it is.',
    link: null,
    flag: '--space',
    masked: false,
    optional: false,
  };
  let problem: { message: string; remedy: string } | null = null;
  for (;;) {
    const reply = await renderer.ask(
      {
        type: 'value',
        question,
        place: { index: 1, total: 1 },
        problem,
        proposal: null,
        canGoBack: false,
      },
      { signal: runtime.signal },
    );
    if (reply.type !== 'value') throw cancelledEarly();
    if (reply.raw.trim() === space) return;
    problem = { message: 'This is another name.', remedy: `Type ${space}, or press Ctrl-C.` };
  }
}

function notConfirmed(space: string): Failure {
  return new Failure({
    kind: 'input-missing',
    code: 'confirmation-missing',
    message: 'Nothing was removed: it was not confirmed by the Space’s name.',
    remedy: `Add --yes --space ${space}, or run it in a terminal.`,
  });
}
