import { Failure } from '../model/failure.ts';
import { redact } from '../clients/redact.ts';
import { secretValues, type SpaceContext } from '../deployment/context.ts';
import { hubOf } from '../hosting/space/space-access.ts';
import { classifyStage, describeStage } from '../hosting/space/space-stage.ts';
import type { CommandResult } from '../model/run/command-result.ts';
import { collectCredentials } from '../interview/credentials/credential-questions.ts';
import { readCommandInputs } from '../deployment/command-inputs.ts';
import { readOnlyContext } from '../deployment/server/space-status.ts';
import { chooseSpace } from '../interview/targets/choose-space.ts';
import type { Session } from '../model/runtime.ts';

/** Milliseconds of silence after which the Hub is asked again; its log ends when the container does. */
const idleMs = 120_000;
const pauseMs = 2_000;

/** Follows the output of the Space's server, past lines first, until the run is ended. Throws Failure. */
export async function logs(session: Session): Promise<CommandResult> {
  const opening = await readCommandInputs(session);
  const { space } = await chooseSpace(session, opening.answers);
  opening.answers.HF_SPACE ??= { value: space, source: 'journal', cleaned: [] };
  const { huggingface } = await collectCredentials(session, { inputs: opening, services: ['huggingface'] });
  const { token } = huggingface;
  const answers = { ...opening.answers, HF_TOKEN: { value: token, source: 'accepted', cleaned: [] } };
  const context = readOnlyContext(session, { inputs: opening, space, answers });
  await expectSpace(context);
  let seen: readonly string[] = [];
  let stage = '';
  for (;;) {
    const runtime = await hubOf(context).runtime(space);
    if (runtime.stage !== stage) {
      stage = runtime.stage;
      const isAsleep = classifyStage(stage) === 'asleep';
      const message = `The Space is ${describeStage(stage)}${isAsleep ? ', which is normal: its log goes on when a visitor wakes it' : ''}.`;
      session.emit({ type: 'notice', code: 'stage', message, remedy: '' });
    }
    seen = await follow(session, context, seen);
    await context.sleep(pauseMs, { signal: context.signal });
    context.signal.throwIfAborted();
  }
}

/** On each connection the Hub sends past lines again: those already shown are left out, up to the first that differs. */
async function follow(
  session: Session,
  context: SpaceContext,
  seen: readonly string[],
): Promise<readonly string[]> {
  const values = secretValues(context);
  const lines: string[] = [];
  let isRepeating = true;
  const log = hubOf(context).log({ space: context.target.space, kind: 'run', idleMs });
  for await (const line of log) {
    isRepeating &&= lines.length < seen.length && seen[lines.length] === line;
    lines.push(line);
    const text = redact(line, values);
    if (!isRepeating) session.emit({ type: 'log', source: 'space', text });
  }
  return lines.length === 0 ? seen : lines;
}

async function expectSpace(context: SpaceContext): Promise<void> {
  const { space } = context.target;
  if ((await hubOf(context).space(space)) !== null) return;
  throw new Failure({
    code: 'space-missing',
    service: 'huggingface',
    message: `There is no Space ${space}, or this token may not see it.`,
    remedy: 'Check the name given with --space, and whose token HF_TOKEN is.',
  });
}
