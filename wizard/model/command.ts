/** The words of the command line. In a rehearsal nothing stands yet, so what looks at a deployment has no use there. */
export const commands = {
  deploy: {
    operands: '',
    most: 0,
    least: 0,
    canRehearse: true,
    summary: 'Put the book’s assistant live (the default)',
  },
  plan: {
    operands: '',
    most: 0,
    least: 0,
    canRehearse: true,
    summary: 'Show what deploy would change; change nothing',
  },
  rotate: {
    operands: '[NAME...]',
    most: 6,
    least: 0,
    canRehearse: false,
    summary: 'Replace a secret, prove the server with it',
  },
  index: {
    operands: '[DIR]',
    most: 1,
    least: 0,
    canRehearse: true,
    summary: 'Write the book’s changed pages to Qdrant',
  },
  status: {
    operands: '',
    most: 0,
    least: 0,
    canRehearse: false,
    summary: 'Say what stands, and whether it is healthy',
  },
  doctor: {
    operands: '',
    most: 0,
    least: 0,
    canRehearse: false,
    summary: 'Find what is wrong and what to do about it',
  },
  logs: { operands: '', most: 0, least: 0, canRehearse: false, summary: 'Follow the Space’s log' },
  undo: {
    operands: '',
    most: 0,
    least: 0,
    canRehearse: false,
    summary: 'Remove what this tool created, and only that',
  },
  export: {
    operands: 'DIR',
    most: 1,
    least: 1,
    canRehearse: true,
    summary: 'Write the server to a folder, for another host',
  },
} as const;

export type WorkName = keyof typeof commands;

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
  'frontend-value': { type: 'string', value: 'URL', summary: 'The variable’s whole value' },
  'write-frontend': { type: 'boolean', value: '', summary: 'Make the shown change of its files' },
  docs: { type: 'string', value: 'DIR', summary: 'The book: a Docusaurus site or its docs folder' },
  'no-index': { type: 'boolean', value: '', summary: 'Leave the Qdrant collection as it is' },
  'no-frontend': { type: 'boolean', value: '', summary: 'Leave Vercel as it is' },
  verify: {
    type: 'string',
    value: 'BUILD_DIR',
    summary: 'index: hold its links against a build; write nothing',
  },
  'detailed-exit-code': { type: 'boolean', value: '', summary: 'plan: exit 10 when something would change' },
  help: { type: 'boolean', value: '', summary: 'This text' },
  version: { type: 'boolean', value: '', summary: 'The version' },
} as const;
export type FlagName = keyof typeof flagTable;

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
  writeFrontend: boolean;
  docs: string | null;
  noIndex: boolean;
  noFrontend: boolean;
  /** Folder of a build of the site. */
  verify: string | null;
  detailedExitCode: boolean;
};

type Said<Name extends string> = { name: Name; operands: string[]; flags: Flags };
/** A command that runs. */
export type WorkCommand = Said<WorkName>;
export type Command = WorkCommand | Said<'help'> | Said<'version'>;
export type CommandName = Command['name'];
