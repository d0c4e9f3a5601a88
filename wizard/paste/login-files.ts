import { join } from 'node:path';
import * as z from 'zod';

/** What is known of the machine, so that nothing here reads `process`. */
export type Machine = {
  env: Readonly<Record<string, string | undefined>>;
  /** Absolute. */
  home: string;
  cwd: string;
  /** As `process.platform` says it. */
  platform: string;
  /** Milliseconds since 1970. */
  now: () => number;
};

export type LoginFile = {
  path: string;
  /** In words for a person. */
  source: string;
  read: (text: string) => { name: string; raw: string }[];
};

const vercelLogin = z.looseObject({
  token: z.string().min(1),
  /** Seconds since 1970; only logins of the newer kind have one. */
  expiresAt: z.number().nullish(),
});
const vercelLink = z.looseObject({ projectId: z.string().min(1), orgId: z.string().nullish() });

/** The files in which the Hugging Face and Vercel tools keep a login, and a folder's link to its Vercel project. */
export function loginFiles(machine: Machine): LoginFile[] {
  const { cwd } = machine;
  return [
    {
      path: hubTokenFile(machine),
      source: 'the Hugging Face login',
      read: (text) => [{ name: 'HF_TOKEN', raw: text }],
    },
    ...vercelFolders(machine).map((folder) => ({
      path: join(folder, 'auth.json'),
      source: 'the Vercel CLI’s login',
      read: (text: string) => readVercelLogin(text, machine.now()),
    })),
    ...['.', 'frontend', 'website', 'docs', 'book'].map((folder) => ({
      path: join(cwd, folder, '.vercel', 'project.json'),
      source: join(folder, '.vercel', 'project.json'),
      read: readVercelLink,
    })),
  ];
}

/** As huggingface_hub looks for it: HF_TOKEN_PATH, else `token` in HF_HOME, else in the cache folder. */
function hubTokenFile({ env, home }: Machine): string {
  const cache = env['XDG_CACHE_HOME'] || join(home, '.cache');
  return env['HF_TOKEN_PATH'] || join(env['HF_HOME'] || join(cache, 'huggingface'), 'token');
}

/** Where the Vercel CLI keeps its data; on Windows the place differs by its version. */
function vercelFolders({ env, home, platform }: Machine): string[] {
  const app = 'com.vercel.cli';
  if (platform === 'darwin') return [join(home, 'Library', 'Application Support', app)];
  if (platform !== 'win32') return [join(env['XDG_DATA_HOME'] || join(home, '.local', 'share'), app)];
  const roaming = env['APPDATA'] || join(home, 'AppData', 'Roaming');
  return [join(roaming, app, 'Data'), join(roaming, 'xdg.data', app)];
}

function readVercelLogin(text: string, now: number): { name: string; raw: string }[] {
  const login = vercelLogin.safeParse(jsonOf(text));
  if (!login.success) return [];
  const { token, expiresAt } = login.data;
  return expiresAt != null && expiresAt * 1000 <= now ? [] : [{ name: 'VERCEL_TOKEN', raw: token }];
}

/** The owner is a team, or the person: then it is no team. */
function readVercelLink(text: string): { name: string; raw: string }[] {
  const link = vercelLink.safeParse(jsonOf(text));
  if (!link.success) return [];
  const { projectId, orgId } = link.data;
  const team = orgId?.startsWith('team_') === true ? [{ name: 'VERCEL_TEAM', raw: orgId }] : [];
  return [{ name: 'VERCEL_PROJECT', raw: projectId }, ...team];
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
