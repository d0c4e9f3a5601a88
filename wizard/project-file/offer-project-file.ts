import { writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { confirmChoice } from '../interview/confirm-choice.ts';
import { Failure } from '../model/failure.ts';
import type { Session } from '../model/runtime.ts';
import { rememberAccepted } from './accepted-settings.ts';
import { findProjectFile, repositoryTop } from './find-project-file.ts';
import { projectFileName, projectFileSchema, projectFileText, type ProjectFile } from './project-file.ts';
import { settings, settingNames, valuesOf, type SettingName } from './settings.ts';

/** What a run worked with; folders are absolute, null or an address where there is none. */
export type RunSettingsToKeep = Omit<
  ProjectFile,
  'version' | '$schema' | 'ciKeyExpires' | 'docs' | 'frontend'
> & {
  docs: string | null;
  frontend: string | null;
};

/**
 * Offers to keep a run's settings in the book's repository, and shows what would be written. Nothing is written where no
 * one can be asked, outside of a repository, or where the file has it all.
 */
export async function offerProjectFile(session: Session, kept: RunSettingsToKeep): Promise<void> {
  const { runtime, flags, renderer } = session;
  if (!renderer.canAsk || flags.yes || runtime.rehearsal) return;
  const top = repositoryTop(runtime.cwd);
  if (top === null) return;
  const stored = await findProjectFile(runtime.cwd);
  const folder = stored?.folder ?? top;
  const content = contentFor(kept, { folder, before: stored?.content ?? { version: 1 } });
  if (content === null) return;
  const text = projectFileText(content);
  const path = join(folder, projectFileName);
  const isSame = stored !== null && projectFileText(stored.content) === text;
  if (!isSame && !(await isWanted(session, { text, exists: stored !== null }))) return;
  if (!isSame) await write(session, path, text);
  const all = Object.entries(valuesOf({ path, folder, content })) as [SettingName, string][];
  const accepted = all.filter(([name]) => settings[name].kind !== 'source');
  await rememberAccepted(runtime.stateDir, Object.fromEntries(accepted)).catch(() => undefined);
}

/** Null where something of the run does not fit into the file, such as a folder that is elsewhere. */
function contentFor(
  { docs, frontend, ...targets }: RunSettingsToKeep,
  { folder, before }: { folder: string; before: ProjectFile },
): ProjectFile | null {
  const rest = Object.fromEntries(Object.entries(before).filter(([name]) => !isTarget(name)));
  const candidate = {
    ...rest,
    ...targets,
    ...pathEntry('docs', docs, folder),
    ...pathEntry('frontend', frontend, folder),
  };
  return projectFileSchema.safeParse(candidate).data ?? null;
}

/** Targets are replaced as a whole: one that the run had not, such as a team, is gone. */
function isTarget(name: string): boolean {
  return settingNames.some((setting) => setting === name && settings[setting].kind === 'target');
}

function pathEntry(name: 'docs' | 'frontend', path: string | null, folder: string): Partial<ProjectFile> {
  if (path === null || /^https?:/i.test(path)) return {};
  const way = relative(folder, path).split(sep).join('/') || '.';
  return way === '..' || way.startsWith('../') ? {} : { [name]: way };
}

/** Ctrl-C here leaves the deployment as finished as it is. */
async function isWanted(
  session: Session,
  { text, exists }: { text: string; exists: boolean },
): Promise<boolean> {
  const what = exists ? 'Update' : 'Keep this in';
  try {
    return await confirmChoice(session, {
      title: `${what} ${projectFileName}?`,
      lines: [
        'No secret is in it: commit it, and a colleague or another machine deploys to the same places.',
        ...text.trimEnd().split('\n'),
      ],
      yes: exists ? 'Yes, update it' : 'Yes, write it',
      no: 'No',
    });
  } catch (error) {
    if (error instanceof Failure && error.kind === 'cancelled') return false;
    throw error;
  }
}

async function write({ emit }: Session, path: string, text: string): Promise<void> {
  const error = await writeFile(path, text).then(
    () => null,
    (cause: NodeJS.ErrnoException) => cause.code ?? 'unknown reason',
  );
  const message = error === null ? `Written to ${path}` : `${path} could not be written (${error}).`;
  emit({ type: 'notice', code: 'project-file', message, remedy: '' });
}
