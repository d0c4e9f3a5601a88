import type { ContactedHost } from './hosts.ts';

type CommandSpec = {
  operands: string;
  most: number;
  least: number;
  summary: string;
  /** What `--help` of this command adds, a line each. */
  about: readonly string[];
  /** Whom it speaks to at most. */
  contacts: readonly ContactedHost[];
  /** The flags that mean something to it, beside those that all commands take. */
  flags: readonly FlagName[];
};

const allHosts = ['huggingface', 'space', 'vercel', 'site', 'gemini', 'qdrant', 'postgres'] as const;
const targetFlags = ['space', 'vercel-project', 'vercel-team'] as const;
const frontendFlags = [
  'frontend',
  'frontend-variable',
  'frontend-targets',
  'frontend-value',
  'write-frontend',
  'wait-for-push',
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

/** The words of the command line. In a rehearsal nothing stands yet, so what looks at a deployment does not take it. */
export const commands = {
  deploy: {
    operands: '',
    most: 0,
    least: 0,
    summary: 'Put the book’s assistant live (the default)',
    about: [
      'Takes the keys of Hugging Face, Vercel, Gemini, Qdrant and Postgres, tries each,',
      'shows a plan, and changes nothing until it is accepted. Run it again at any',
      'time: what is as it should be is left alone.',
    ],
    contacts: allHosts,
    flags: deployFlags,
  },
  plan: {
    operands: '',
    most: 0,
    least: 0,
    summary: 'Show what deploy would change; change nothing',
    about: ['Asks for the same keys as deploy, looks, and says what it would do.'],
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
      'DATABASE_URL (postgres, neon). The new value is asked for, or taken from the',
      'environment; it never stands on the command line. If the server does not get',
      'healthy with it, the old one is put back: in a script from PREVIOUS_NAME.',
    ],
    contacts: ['huggingface', 'space', 'gemini', 'qdrant', 'postgres'],
    flags: ['space'],
  },
  index: {
    operands: '[DIR]',
    most: 1,
    least: 0,
    summary: 'Write the book’s changed pages to Qdrant',
    about: [
      'DIR is the Docusaurus site or its docs folder; else the folder you are in.',
      'Asks for the keys of Gemini and Qdrant alone; the server takes the text in by',
      'itself.',
    ],
    contacts: ['gemini', 'qdrant'],
    flags: ['rehearse', 'docs', 'space', 'verify'],
  },
  status: {
    operands: '',
    most: 0,
    least: 0,
    summary: 'Say what stands, and whether it is healthy',
    about: ['Needs no key. HF_TOKEN and VERCEL_TOKEN, where they are set, show more.'],
    contacts: ['huggingface', 'space', 'vercel'],
    flags: targetFlags,
  },
  doctor: {
    operands: '',
    most: 0,
    least: 0,
    summary: 'Find what is wrong and what to do about it',
    about: [
      'Needs no more than the Space’s name, works from any folder, changes nothing.',
      'Every key that is set is tried at its vendor. Exit code 1 with a finding.',
    ],
    contacts: allHosts,
    flags: [...targetFlags, 'docs', 'frontend-variable', 'report'],
  },
  logs: {
    operands: '',
    most: 0,
    least: 0,
    summary: 'Follow the Space’s log',
    about: ['Asks for HF_TOKEN. Goes on until Ctrl-C.'],
    contacts: ['huggingface'],
    flags: ['space'],
  },
  undo: {
    operands: '',
    most: 0,
    least: 0,
    summary: 'Remove what this tool created, and only that',
    about: [
      'Lists each thing first, and wants the Space’s name typed; in a script --yes and',
      '--space OWNER/NAME. Conversations stay. Without this machine’s journal of the',
      'Space it removes nothing and lists links.',
    ],
    contacts: ['huggingface', 'vercel', 'qdrant'],
    flags: ['space'],
  },
  export: {
    operands: 'DIR',
    most: 1,
    least: 1,
    summary: 'Write the server to a folder, for another host',
    about: [
      'DIR is new, empty, or was exported to before. Asks for nothing. Then run it',
      'where readers reach it by https, and go on with deploy --api-url URL.',
    ],
    contacts: [],
    flags: ['docs'],
  },
} as const satisfies Record<string, CommandSpec>;

export type CommandName = keyof typeof commands;

/** One table for parsing and for the help text. `value` names what follows the flag. */
export const flagTable = {
  rehearse: { type: 'boolean', value: '', summary: 'Do all of it on this machine: no accounts, no keys' },
  yes: { type: 'boolean', value: '', summary: 'Ask nothing; apply the plan' },
  json: { type: 'boolean', value: '', summary: 'One JSON object a line on stdout' },
  plain: { type: 'boolean', value: '', summary: 'Lines only: for screen readers and log files' },
  'env-file': { type: 'string', value: 'F', summary: 'Read values from this file' },
  space: { type: 'string', value: 'OWNER/NAME', summary: 'The Space to create or to use' },
  'api-url': { type: 'string', value: 'URL', summary: 'The server runs elsewhere: index, wire, prove only' },
  'vercel-project': { type: 'string', value: 'P', summary: 'The book’s project, by name or id' },
  'vercel-team': { type: 'string', value: 'T', summary: 'The team that owns it' },
  frontend: { type: 'string', value: 'DIR', summary: 'The frontend’s folder' },
  'frontend-variable': { type: 'string', value: 'NAME', summary: 'The variable that its code reads' },
  'frontend-targets': {
    type: 'string',
    value: 'LIST',
    summary: 'Who gets it: production,preview,development',
  },
  'frontend-value': { type: 'string', value: 'URL', summary: 'The variable’s whole value' },
  'write-frontend': { type: 'boolean', value: '', summary: 'Make the shown change of its files' },
  'wait-for-push': { type: 'boolean', value: '', summary: 'With --yes: wait until that change is pushed' },
  docs: { type: 'string', value: 'DIR', summary: 'The book: a Docusaurus site or its docs folder' },
  'no-index': { type: 'boolean', value: '', summary: 'Leave the Qdrant collection as it is' },
  'no-frontend': { type: 'boolean', value: '', summary: 'Leave Vercel as it is' },
  verify: {
    type: 'string',
    value: 'BUILD_DIR',
    summary: 'index: hold its links against a build; write nothing',
  },
  'detailed-exit-code': { type: 'boolean', value: '', summary: 'plan: exit 10 when something would change' },
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
  apiUrl: string | null;
  vercelProject: string | null;
  vercelTeam: string | null;
  frontend: string | null;
  frontendVariable: string | null;
  frontendValue: string | null;
  frontendTargets: string | null;
  writeFrontend: boolean;
  waitForPush: boolean;
  docs: string | null;
  noIndex: boolean;
  noFrontend: boolean;
  /** Folder of a build of the site. */
  verify: string | null;
  detailedExitCode: boolean;
  report: boolean;
};

type ParsedCommand<Name extends string> = { name: Name; operands: string[]; flags: Flags };
/** Whose help is asked for; null for that of all. */
type Help = ParsedCommand<'help'> & { of: CommandName | null };
/** A command that runs. */
export type RunnableCommand = ParsedCommand<CommandName>;
export type Command = RunnableCommand | Help | ParsedCommand<'version'>;
