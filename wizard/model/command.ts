import type { ContactedHost } from './hosts.ts';
import type { FlagName, Flags } from './run/flags.ts';

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
const bookFlags = ['docs', 'versions', 'locales'] as const;
const deployFlags = [
  'rehearse',
  ...targetFlags,
  'api-url',
  ...bookFlags,
  'enrich',
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
    contacts: [...allHosts, 'neon', 'qdrant-cloud'],
    flags: [...deployFlags, 'create'],
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
    contacts: ['huggingface', 'space', 'vercel', 'gemini', 'qdrant', 'postgres', 'qdrant-cloud'],
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
    contacts: ['gemini', 'qdrant', 'qdrant-cloud'],
    flags: [
      'rehearse',
      ...bookFlags,
      'enrich',
      'space',
      'verify',
      'threshold',
      'changes-from',
      'markdown',
      'llms-txt',
    ],
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
    contacts: ['huggingface', 'space', 'vercel', 'postgres', 'neon'],
    flags: targetFlags,
  },
  doctor: {
    operands: '',
    most: 0,
    least: 0,
    summary: 'Find what is wrong and what to do about it',
    about: [
      'Needs only the server’s name, works from any folder, and changes only what you',
      'accept. Keys that are set are checked with their vendors. Exit code 1 if',
      'something is wrong.',
    ],
    contacts: [...allHosts, 'neon', 'qdrant-cloud'],
    flags: [...targetFlags, 'docs', 'frontend-variable', 'report'],
  },
  logs: {
    operands: '',
    most: 0,
    least: 0,
    summary: 'Follow the server’s log',
    about: ['Asks for HF_TOKEN, or VERCEL_TOKEN. Runs until Ctrl-C.'],
    contacts: ['huggingface', 'vercel'],
    flags: ['space', ...hostingFlags],
  },
  insights: {
    operands: '',
    most: 0,
    least: 0,
    summary: 'Show what readers asked, and what the book lacks',
    about: [
      'Reads your database with DATABASE_URL: questions that were refused or voted',
      'down, grouped, with the sections nearest to them; what was asked and cited',
      'most; times, tokens, ratings. In the book’s folder, or with --docs, also what',
      'was never cited. Nothing leaves this machine but with --embed: then questions',
      'without a vector are sent to Gemini, after it has shown how many.',
    ],
    contacts: ['postgres', 'gemini'],
    flags: ['since', 'html', 'embed', 'docs', 'space'],
  },
  forget: {
    operands: '[CONVERSATION]',
    most: 1,
    least: 0,
    summary: 'Delete conversations from your database',
    about: [
      'One conversation by its id, or with --older-than what is older, of all servers',
      'on the database. Shows how many rows, and asks; in a script, give --yes.',
      'Vectors, ratings and notes go too.',
    ],
    contacts: ['postgres'],
    flags: ['older-than'],
  },
  ci: {
    operands: '',
    most: 0,
    least: 0,
    summary: 'Write a workflow that keeps the book indexed',
    about: [
      'For GitHub Actions or GitLab: indexes on each push to the default branch, lists',
      'the sections that a pull request changes, and checks the assistant daily. Shows',
      'the files first, and the commands that set their secrets. Contacts no one. Run',
      'it again after an update of this tool.',
    ],
    contacts: [],
    flags: ['space', ...hostingFlags, 'docs', 'provider'],
  },
  undo: {
    operands: '',
    most: 0,
    least: 0,
    summary: 'Remove what this tool created, and only that',
    about: [
      'Lists everything first, and asks you to type the server’s name; in a script,',
      'give --yes and --space OWNER/NAME. Conversations are kept, but those of a Neon',
      'project that it created. Without this machine’s journal it removes nothing.',
    ],
    contacts: ['huggingface', 'vercel', 'qdrant', 'neon', 'qdrant-cloud'],
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
    flags: bookFlags,
  },
} as const satisfies Record<string, CommandSpec>;

export type CommandName = keyof typeof commands;

type ParsedCommand<Name extends string> = { name: Name; operands: string[]; flags: Flags };
/** Whose help is asked for; null for that of all. */
type Help = ParsedCommand<'help'> & { of: CommandName | null };
/** A command that runs. */
export type RunnableCommand = ParsedCommand<CommandName>;
export type Command = RunnableCommand | Help | ParsedCommand<'version'>;
