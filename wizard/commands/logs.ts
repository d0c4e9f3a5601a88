import { Failure } from '../model/failure.ts';
import { capitalise, redact } from '../clients/redact.ts';
import { secretValues, type SpaceContext } from '../deployment/context.ts';
import { hostingOf, hostingService } from '../hosting/hosting-of.ts';
import { classifyStage, describeStage } from '../hosting/stage.ts';
import type { PlaceStatus } from '../hosting/hosting.ts';
import { serviceTitles } from '../model/service.ts';
import type { CommandResult } from '../model/run/command-result.ts';
import { collectCredentials } from '../interview/credentials/credential-questions.ts';
import { readCommandInputs } from '../deployment/command-inputs.ts';
import { readOnlyContext } from '../deployment/server/space-status.ts';
import { chooseSpace } from '../interview/targets/choose-space.ts';
import type { Session } from '../model/runtime.ts';

const tokenOf = { huggingface: 'HF_TOKEN', vercel: 'VERCEL_TOKEN' } as const;
/** Milliseconds of silence after which the Hub is asked again; its log ends when the container does. */
const idleMs = 120_000;
const pauseMs = 2_000;

/** Follows the output of the Space's server, past lines first, until the run is ended. Throws Failure. */
export async function logs(session: Session): Promise<CommandResult> {
  const opening = await readCommandInputs(session);
  const { space } = await chooseSpace(session, opening.answers);
  opening.answers.HF_SPACE ??= { value: space, source: 'journal', cleaned: [] };
  const service = hostingService({ target: { space } });
  const credentials = await collectCredentials(session, { inputs: opening, services: [service] });
  const { token } = credentials[service];
  const answers = {
    ...opening.answers,
    [tokenOf[service]]: { value: token, source: 'accepted', cleaned: [] },
  };
  const context = readOnlyContext(session, { inputs: opening, space, answers });
  const { noun } = hostingOf(context);
  let seen: readonly string[] = [];
  let stage = '';
  for (;;) {
    const place = await expectPlace(context);
    if (place.stage !== stage) {
      stage = place.stage;
      const isAsleep = classifyStage(stage) === 'asleep';
      const message = `${capitalise(noun)} is ${describeStage(stage)}${isAsleep ? ', which is normal: its log goes on when a visitor wakes it' : ''}.`;
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
  const log = hostingOf(context).log({ idleMs });
  for await (const line of log) {
    isRepeating &&= lines.length < seen.length && seen[lines.length] === line;
    lines.push(line);
    const text = redact(line, values);
    if (!isRepeating) session.emit({ type: 'log', source: 'space', text });
  }
  return lines.length === 0 ? seen : lines;
}

async function expectPlace(context: SpaceContext): Promise<PlaceStatus> {
  const hosting = hostingOf(context);
  const place = await hosting.status();
  if (place !== null) return place;
  throw new Failure({
    code: 'space-missing',
    service: hosting.service,
    message: `There is nothing named ${hosting.label} at ${serviceTitles[hosting.service]}, or this token may not see it.`,
    remedy: `Check the name given with ${hosting.flags}, and whose token it is.`,
  });
}
