import type { HostingKind } from './service.ts';
import type { ContactedHost } from './hosts.ts';

type CommandSpec = {
  operands: string;
  most: number;
  least: number;
  summary: string;
  /** Lines that `--help` of this command adds. */
  about: readonly string[];
  /** Every host that it may contact. */
  contacts: readonly ContactedHost[];
  /** Its flags, besides those that all commands take. */
  flags: readonly FlagName[];
};

const allHosts = ['huggingface', 'space', 'vercel', 'site', 'gemini', 'qdrant', 'postgres'] as const;
const hostingFlags = ['hosting', 'hosting-project', 'hosting-team'] as const;
const targetFlags = ['space', ...hostingFlags, 'vercel-project', 'vercel-team'] as const;
const frontendFlags = [
  'frontend',
  'frontend-variable',
  'frontend-targets',
  'frontend-value',
  'write-frontend',
  'wait-for-push',
  'browser',
] as const;
const deployFlags = [
  'rehearse',
  ...targetFlags,
  'api-url',
  'docs',
  ...frontendFlags,
  'no-index',
  'no-frontend',
] as const;

/** The command words. Commands that inspect an existing deployment do not support `--rehearse`. */
export const commands = {
  deploy: {
    operands: '',
    most: 0,
    least: 0,
    summary: 'Deploy the book’s assistant (the default)',
    about: [
      'Asks for the keys of Hugging Face, Vercel, Gemini, Qdrant and Postgres, checks',
      'each, shows a plan, and changes nothing until you accept it. Run it again at',
      'any time: it changes only what differs.',
    ],
    contacts: allHosts,
    flags: deployFlags,
  },
  plan: {
    operands: '',
    most: 0,
    least: 0,
    summary: 'Show what deploy would change; change nothing',
    about: ['Asks for the same keys as deploy and shows what deploy would do.'],
    contacts: allHosts,
    flags: [...deployFlags, 'detailed-exit-code'],
  },
  rotate: {
    operands: '[NAME...]',
    most: 6,
    least: 0,
    summary: 'Replace a secret, prove the server with it',
    about: [
      'NAME is GEMINI_API_KEY (gemini), QDRANT_API_KEY (qdrant), QDRANT_URL or',
      'DATABASE_URL (postgres, neon). The new value is asked for, or comes from the',
      'environment, never from the command line. If the server does not become healthy',
      'with it, the old value is restored; a script gives that as PREVIOUS_NAME.',
    ],
    contacts: ['huggingface', 'space', 'vercel', 'gemini', 'qdrant', 'postgres'],
    flags: ['space', ...hostingFlags],
  },
  index: {
    operands: '[DIR]',
    most: 1,
    least: 0,
    summary: 'Write the book’s changed pages to Qdrant',
    about: [
      'DIR is the Docusaurus site or its docs folder; by default the current folder.',
      'Asks only for the keys of Gemini and Qdrant. The server picks up the new text',
      'by itself.',
    ],
    contacts: ['gemini', 'qdrant'],
    flags: ['rehearse', 'docs', 'space', 'verify', 'threshold'],
  },
  status: {
    operands: '',
    most: 0,
    least: 0,
    summary: 'Show what is deployed and whether it is healthy',
    about: [
      'Needs no key. With HF_TOKEN and VERCEL_TOKEN it shows more; with DATABASE_URL',
      'what was asked of the model today.',
    ],
    contacts: ['huggingface', 'space', 'vercel', 'postgres'],
    flags: targetFlags,
  },
  doctor: {
    operands: '',
    most: 0,
    least: 0,
    summary: 'Find what is wrong and what to do about it',
    about: [
      'Needs only the Space’s name, works from any folder, and changes nothing. Keys',
      'that are set are checked with their vendors. Exit code 1 if something is wrong.',
    ],
    contacts: allHosts,
    flags: [...targetFlags, 'docs', 'frontend-variable', 'report'],
  },
  logs: {
    operands: '',
    most: 0,
    least: 0,
    summary: 'Follow the Space’s log',
    about: ['Asks for HF_TOKEN, or VERCEL_TOKEN. Runs until Ctrl-C.'],
    contacts: ['huggingface', 'vercel'],
    flags: ['space', ...hostingFlags],
  },
  undo: {
    operands: '',
    most: 0,
    least: 0,
    summary: 'Remove what this tool created, and only that',
    about: [
      'Lists everything first, and asks you to type the Space’s name; in a script, give',
      '--yes and --space OWNER/NAME. Conversations are kept. Without this machine’s',
      'journal of the Space it removes nothing and lists links.',
    ],
    contacts: ['huggingface', 'vercel', 'qdrant'],
    flags: ['space', ...hostingFlags],
  },
  export: {
    operands: 'DIR',
    most: 1,
    least: 1,
    summary: 'Write the server to a folder, for another host',
    about: [
      'DIR is new, empty, or an earlier export. Asks for nothing. Run the server where',
      'readers reach it over https, then continue with deploy --api-url URL.',
    ],
    contacts: [],
    flags: ['docs'],
  },
} as const satisfies Record<string, CommandSpec>;

export type CommandName = keyof typeof commands;

/** One table for parsing and for the help text. `value` names what follows the flag. */
export const flagTable = {
  rehearse: { type: 'boolean', value: '', summary: 'Do everything on this machine: no accounts, no keys' },
  yes: { type: 'boolean', value: '', summary: 'Ask nothing; apply the plan' },
  json: { type: 'boolean', value: '', summary: 'One JSON object per line on stdout' },
  plain: { type: 'boolean', value: '', summary: 'Plain lines, for screen readers and log files' },
  'env-file': { type: 'string', value: 'F', summary: 'Read values from this file' },
  space: { type: 'string', value: 'OWNER/NAME', summary: 'The Space to create or use' },
  hosting: { type: 'string', value: 'WHERE', summary: 'Where the server runs: space or vercel' },
  'hosting-project': { type: 'string', value: 'NAME', summary: 'With vercel: the server’s own project' },
  'hosting-team': { type: 'string', value: 'T', summary: 'With vercel: the team that owns it' },
  'api-url': { type: 'string', value: 'URL', summary: 'The server runs elsewhere: index, wire, prove only' },
  'vercel-project': { type: 'string', value: 'P', summary: 'The book’s project, by name or id' },
  'vercel-team': { type: 'string', value: 'T', summary: 'The team that owns it' },
  frontend: { type: 'string', value: 'DIR', summary: 'The frontend’s folder' },
  'frontend-variable': { type: 'string', value: 'NAME', summary: 'The variable that its code reads' },
  'frontend-targets': {
    type: 'string',
    value: 'LIST',
    summary: 'Where it is set: production,preview,development',
  },
  'frontend-value': { type: 'string', value: 'URL', summary: 'The variable’s full value' },
  'write-frontend': { type: 'boolean', value: '', summary: 'Apply the shown change to its files' },
  'wait-for-push': { type: 'boolean', value: '', summary: 'With --yes: wait until that change is pushed' },
  browser: { type: 'boolean', value: '', summary: 'Prove it in a Chromium of this machine too' },
  docs: { type: 'string', value: 'DIR', summary: 'The book: a Docusaurus site or its docs folder' },
  'no-index': { type: 'boolean', value: '', summary: 'Leave the Qdrant collection as it is' },
  'no-frontend': { type: 'boolean', value: '', summary: 'Leave Vercel as it is' },
  verify: {
    type: 'string',
    value: 'DIR|URL',
    summary: 'index: compare links and words with a build',
  },
  threshold: {
    type: 'string',
    value: 'PERCENT',
    summary: 'index --verify: lost words allowed (1)',
  },
  'detailed-exit-code': { type: 'boolean', value: '', summary: 'plan: exit 10 if something would change' },
  report: { type: 'boolean', value: '', summary: 'doctor: print a report to paste into an issue' },
  help: { type: 'boolean', value: '', summary: 'This text' },
  version: { type: 'boolean', value: '', summary: 'The version' },
} as const;
export type FlagName = keyof typeof flagTable;

/** Taken by every command. */
export const commonFlags: readonly FlagName[] = ['yes', 'json', 'plain', 'env-file', 'help', 'version'];

export type Flags = {
  rehearse: boolean;
  yes: boolean;
  json: boolean;
  plain: boolean;
  envFile: string | null;
  space: string | null;
  /** Null where it was not named: then it is a Space. */
  hosting: HostingKind | null;
  hostingProject: string | null;
  hostingTeam: string | null;
  apiUrl: string | null;
  vercelProject: string | null;
  vercelTeam: string | null;
  frontend: string | null;
  frontendVariable: string | null;
  frontendValue: string | null;
  frontendTargets: string | null;
  writeFrontend: boolean;
  waitForPush: boolean;
  browser: boolean;
  docs: string | null;
  noIndex: boolean;
  noFrontend: boolean;
  /** Folder of a build of the site, or the address of the live one. */
  verify: string | null;
  /** Percent of a page's words that may be missing. */
  threshold: string | null;
  detailedExitCode: boolean;
  report: boolean;
};

type ParsedCommand<Name extends string> = { name: Name; operands: string[]; flags: Flags };
/** Whose help is asked for; null for that of all. */
type Help = ParsedCommand<'help'> & { of: CommandName | null };
/** A command that runs. */
export type RunnableCommand = ParsedCommand<CommandName>;
export type Command = RunnableCommand | Help | ParsedCommand<'version'>;
