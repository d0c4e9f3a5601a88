import type { SpaceRuntime } from '../clients/hub-schemas.ts';
import { oneLine, redact } from '../clients/redact.ts';
import { Failure } from '../model/failure.ts';
import { secretValues, type SpaceContext } from '../deployment/context.ts';
import { spacePageUrl } from '../hosting/space/space-access.ts';
import { logTail, errorLineIn } from '../hosting/space/space-log.ts';
import { describeStage } from '../hosting/space/space-stage.ts';

const service = 'huggingface';

export async function spaceBuildFailed(context: SpaceContext, runtime: SpaceRuntime): Promise<Failure> {
  const line = errorLineIn(
    await logTail(context, { kind: 'build', secrets: secretValues(context), lines: 200 }),
  );
  const why = reasonIn(context, runtime) || line || 'the Hub gives no reason';
  const detail = line !== '' && !why.includes(line) ? `${why}; the log says: ${line}` : why;
  return new Failure({
    code: 'space-build-failed',
    service,
    message: `The Space did not build (${runtime.stage}): ${detail}`,
    remedy: `Run again: it builds from scratch. The whole log: ${spacePageUrl(context, '?logs=build')}`,
  });
}

/** A crashed server may have printed what it was given. */
function reasonIn(context: SpaceContext, { errorMessage }: SpaceRuntime): string {
  return oneLine(redact(errorMessage ?? '', secretValues(context)));
}

export async function spaceCrashed(context: SpaceContext, runtime: SpaceRuntime): Promise<Failure> {
  const tail = await logTail(context, { kind: 'run', secrets: secretValues(context), lines: 200 });
  const last = errorLineIn(tail);
  const reason = reasonIn(context, runtime);
  const why = [reason, reason.includes(last) ? '' : last]
    .filter((part) => part !== '')
    .join('; the log says: ');
  return new Failure({
    code: 'space-crashed',
    service,
    message: `The server in the Space ended at its start (${runtime.stage}): ${why || 'it left no word'}`,
    remedy: `Mend what it names, then run again: it restarts. The whole log: ${spacePageUrl(context, '?logs=container')}`,
  });
}

export function spaceDeleted(space: string): Failure {
  return new Failure({
    code: 'space-deleted',
    service,
    message: `The Space ${space} is being deleted.`,
    remedy: 'Run again once it is gone, or choose another name with --space OWNER/NAME.',
  });
}

export function spaceStuck(context: SpaceContext, { stage }: { stage: string }): Failure {
  return new Failure({
    code: 'space-stuck',
    service,
    message: `The Space has been ${describeStage(stage)} for a long time without a word.`,
    remedy: `Choose "Factory rebuild" on ${spacePageUrl(context, '/settings')}, then run again.`,
  });
}
