import { withEnvFile } from '../paste/env-file.ts';
import type { CommandName } from '../model/command.ts';
import { Failure } from '../model/failure.ts';
import { machineFailure } from '../model/machine-failure.ts';
import type { Report } from '../model/run/report.ts';
import { hideSecrets } from '../model/secret.ts';
import { deploy } from './deploy.ts';
import { plan } from './plan.ts';
import type { CommandResult } from '../model/run/command-result.ts';
import { doctor } from './doctor.ts';
import { exportServer } from './export-command.ts';
import { index } from './book/index-command.ts';
import { logs } from './logs.ts';
import { rotate } from './rotate.ts';
import { announceHosts } from './announce-hosts.ts';
import { ci } from './owner/ci.ts';
import { forget } from './owner/forget.ts';
import { insights } from './owner/insights.ts';
import { undo } from './undo.ts';
import { status } from './status.ts';
import type { Session } from '../model/runtime.ts';
import { withProjectFile } from '../project-file/with-project-file.ts';

export { saveFailedRun as keepForReport } from './save-failure.ts';
export { startRehearsal } from './rehearse.ts';

/** What each word does. */
const commands: Record<CommandName, (session: Session) => Promise<CommandResult>> = {
  deploy,
  plan,
  index,
  status,
  logs,
  rotate,
  doctor,
  insights,
  forget,
  ci,
  undo,
  export: exportServer,
};

/**
 * Runs a command; what `--env-file` holds counts as the environment, and then `rag-space.json`, but for a rehearsal,
 * which has its own.
 * Throws Failure.
 */
export async function runCommand(name: CommandName, session: Session): Promise<CommandResult> {
  const { runtime, flags } = session;
  const env = runtime.rehearsal ? runtime.env : await withEnvFile(runtime.env, flags.envFile);
  const informed = await withProjectFile({ ...session, runtime: { ...runtime, env } }, name);
  announceHosts(informed, name);
  return commands[name](informed);
}

/** Any error as a Failure: a cancelled run, or a bug of ours, when it is none yet. */
export function failureOf(
  error: unknown,
  { signal, isLeft, report }: { signal: AbortSignal; isLeft: boolean; report: Report },
): Failure {
  if (signal.aborted) {
    const word = isLeft ? 'Left' : 'Cancelled';
    return new Failure({
      kind: 'cancelled',
      code: isLeft ? 'left' : 'cancelled',
      message: report.hasBegun ? `${word}; nothing was rolled back.` : `${word}; nothing was changed.`,
      remedy: 'Run the same command again: it resumes where it stopped.',
      cause: error,
    });
  }
  if (error instanceof Failure) return error;
  const refused = machineFailure(error);
  if (refused !== null) return refused;
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  const at =
    stack
      ?.split('\n')
      .find((line) => line.trim().startsWith('at '))
      ?.trim() ?? '';
  return new Failure({
    kind: 'bug',
    code: 'bug',
    message: hideSecrets(`Something unexpected happened: ${name}: ${message}`),
    remedy: `This is a bug. Report it, please, with what this prints: npx rag-space-setup doctor --report (${hideSecrets(at.replace(/\(.*[\\/]/, '('))})`,
    cause: error,
  });
}
