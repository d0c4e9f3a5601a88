import { join } from 'node:path';
import type { CommandName } from '../model/command.ts';
import type { Flags } from '../model/run/flags.ts';
import type { StoredProjectFile } from './find-project-file.ts';
import type { ProjectFile } from './project-file.ts';

export type SettingName = Exclude<keyof ProjectFile, '$schema' | 'version' | 'ciKeyExpires'>;

/** Settings that name one thing together: a flag that names another one leaves none of them in use. */
type Group = 'server' | 'frontend';

type ProjectSetting = {
  /** As the confirmation shows it. */
  label: string;
  /** Says where a key is used; a limit may cost money or delete. The rest only says what is read: a folder, or editions of
   * it. */
  kind: 'target' | 'limit' | 'source' | 'edition';
  group?: Group;
  flag?: keyof Flags &
    (
      | 'hosting'
      | 'hostingProject'
      | 'hostingTeam'
      | 'frontendTargets'
      | 'frontend'
      | 'space'
      | 'vercelProject'
      | 'vercelTeam'
      | 'docs'
      | 'versions'
      | 'locales'
    );
  env?: string;
};

/** What each setting stands for on the command line and in the environment. */
export const settings: Readonly<Record<SettingName, ProjectSetting>> = {
  hosting: { label: 'Runs on', kind: 'target', group: 'server', flag: 'hosting' },
  space: { label: 'Space', kind: 'target', group: 'server', flag: 'space', env: 'HF_SPACE' },
  hostingProject: { label: 'Server’s project', kind: 'target', group: 'server', flag: 'hostingProject' },
  hostingTeam: { label: 'Server’s team', kind: 'target', group: 'server', flag: 'hostingTeam' },
  vercelProject: {
    label: 'Book’s project',
    kind: 'target',
    group: 'frontend',
    flag: 'vercelProject',
    env: 'VERCEL_PROJECT',
  },
  vercelTeam: {
    label: 'Book’s team',
    kind: 'target',
    group: 'frontend',
    flag: 'vercelTeam',
    env: 'VERCEL_TEAM',
  },
  frontendTargets: { label: 'Environments', kind: 'target', flag: 'frontendTargets' },
  collection: { label: 'Collection', kind: 'target', env: 'QDRANT_COLLECTION' },
  docs: { label: 'Book', kind: 'source', flag: 'docs', env: 'DOCS_DIR' },
  versions: { label: 'Versions', kind: 'edition', flag: 'versions', env: 'BOOK_VERSIONS' },
  locales: { label: 'Languages', kind: 'edition', flag: 'locales', env: 'BOOK_LOCALES' },
  frontend: { label: 'Frontend', kind: 'source', flag: 'frontend' },
  dailyBudget: { label: 'Answers a day', kind: 'limit', env: 'CHAT_DAILY_BUDGET' },
  perMinute: { label: 'Questions a minute', kind: 'limit', env: 'CHAT_PER_MINUTE' },
  retentionDays: { label: 'Days kept', kind: 'limit', env: 'CHAT_RETENTION_DAYS' },
};
export const settingNames = Object.keys(settings) as SettingName[];

const server = ['hosting', 'space', 'hostingProject', 'hostingTeam'] as const;
const book = ['docs', 'versions', 'locales'] as const;
const everything: readonly SettingName[] = settingNames;

/** What each command takes from the file. */
export const settingsOfCommand: Readonly<Record<CommandName, readonly SettingName[]>> = {
  deploy: everything,
  plan: everything,
  index: ['collection', ...book],
  rotate: [...server, 'collection'],
  status: [...server, 'vercelProject', 'vercelTeam'],
  doctor: [...server, 'vercelProject', 'vercelTeam', 'collection', 'docs'],
  logs: server,
  undo: server,
  insights: book,
  ci: [...server, 'collection', 'docs'],
  forget: [],
  export: book,
};

/** Settings as text, by name; folders are absolute. */
export type SettingValues = Readonly<Partial<Record<SettingName, string>>>;

export function valuesOf({ content, folder }: StoredProjectFile): SettingValues {
  return Object.fromEntries(
    settingNames.flatMap((name) => {
      const value = content[name];
      if (value === undefined) return [];
      const text = Array.isArray(value) ? value.join(',') : String(value);
      return [[name, settings[name].kind === 'source' ? join(folder, text) : text]];
    }),
  );
}

type GivenValues = { flags: Flags; env: Readonly<Record<string, string | undefined>> };

/** The value that a flag or the environment has for a setting; null for none. */
export function namedValue({ flags, env }: GivenValues, name: SettingName): string | null {
  const { flag, env: variable } = settings[name];
  const typed = flag === undefined ? null : flags[flag];
  const value = typed ?? ((variable === undefined ? '' : (env[variable]?.trim() ?? '')) || null);
  // A Space that is named says where the server runs.
  const isSpace = name === 'hosting' && value === null && namedValue({ flags, env }, 'space') !== null;
  return isSpace ? 'space' : value;
}

/** Of the file's settings those that a command uses: not named otherwise, and not of a thing that is. */
export function usedValues(command: CommandName, values: SettingValues, session: GivenValues): SettingValues {
  const contradicted = new Set(
    settingNames.flatMap((name) => {
      const { group } = settings[name];
      const other = namedValue(session, name);
      return group !== undefined && other !== null && other !== values[name] ? [group] : [];
    }),
  );
  if (session.flags.apiUrl !== null) contradicted.add('server');
  if (session.flags.noFrontend) contradicted.add('frontend');
  const names = settingsOfCommand[offlineLike(command, session) ?? command];
  return Object.fromEntries(
    names.flatMap((name) => {
      const { group } = settings[name];
      const isOther = group !== undefined && contradicted.has(group);
      const value = values[name];
      return value === undefined || isOther || namedValue(session, name) !== null ? [] : [[name, value]];
    }),
  );
}

/** The command whose settings an `index` takes that needs no key and looks at nothing but the book; null for any other. */
function offlineLike(command: CommandName, { flags }: GivenValues): CommandName | null {
  if (command !== 'index') return null;
  if (flags.llmsTxt) return 'ci';
  return flags.verify !== null || flags.changesFrom !== null ? 'insights' : null;
}
