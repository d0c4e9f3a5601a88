import type { CommandName } from '../model/command.ts';
import type { Session } from '../model/runtime.ts';
import { confirmSettings } from './confirm-settings.ts';
import { findProjectFile } from './find-project-file.ts';
import { settings, usedValues, valuesOf, type SettingName, type SettingValues } from './settings.ts';

/**
 * The session with the settings of the folder's `rag-space.json`, wherever neither a flag nor the environment names
 * them. A rehearsal has its own targets.
 *
 * @throws Failure `project-file` (usage), `input-missing`, or cancelled.
 */
export async function withProjectFile(session: Session, command: CommandName): Promise<Session> {
  const { runtime, flags } = session;
  if (runtime.rehearsal) return session;
  const file = await findProjectFile(runtime.cwd);
  if (file === null) return session;
  const used = usedValues(command, valuesOf(file), { flags, env: runtime.env });
  return withValues(session, await confirmSettings(session, used));
}

/** A setting that has a variable counts as one; what has only a flag counts as that flag. */
function withValues(session: Session, values: SettingValues): Session {
  const { runtime, flags } = session;
  const entries = Object.entries(values) as [SettingName, string][];
  const variables = entries.flatMap(([name, value]) => {
    const { env } = settings[name];
    return env === undefined ? [] : [[env, value] as const];
  });
  const typed = entries.flatMap(([name, value]) => {
    const { flag, env } = settings[name];
    return flag === undefined || env !== undefined ? [] : [[flag, value] as const];
  });
  return {
    ...session,
    flags: { ...flags, ...Object.fromEntries(typed) },
    runtime: {
      ...runtime,
      env: { ...runtime.env, ...Object.fromEntries(variables) },
      fromProjectFile: variables.map(([name]) => name),
    },
  };
}
