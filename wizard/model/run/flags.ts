import type { HostingKind } from '../service.ts';

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
  versions: { type: 'string', value: 'LIST', summary: 'More versions to index: 2.x,1.x or all' },
  locales: { type: 'string', value: 'LIST', summary: 'Languages to index: en,fr (all)' },
  enrich: { type: 'boolean', value: '', summary: 'Have Gemini describe each section, to find it' },
  create: { type: 'string', value: 'LIST', summary: 'With --yes: create what is missing: neon,qdrant' },
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
  'changes-from': {
    type: 'string',
    value: 'DIR',
    summary: 'index: list the sections that differ from DIR',
  },
  markdown: { type: 'string', value: 'F', summary: 'With it: write them to this file, for a comment' },
  'llms-txt': { type: 'boolean', value: '', summary: 'index: write static/llms.txt, shown first' },
  provider: { type: 'string', value: 'P', summary: 'ci: github or gitlab' },
  since: { type: 'string', value: 'DAYSd', summary: 'insights: how far back (30d)' },
  html: { type: 'string', value: 'F', summary: 'insights: write a page with charts to this file' },
  embed: { type: 'boolean', value: '', summary: 'insights: embed what has no vector, with Gemini' },
  'older-than': { type: 'string', value: 'DAYSd', summary: 'forget: delete what is older' },
  'detailed-exit-code': { type: 'boolean', value: '', summary: 'plan: exit 10 if something would change' },
  report: { type: 'boolean', value: '', summary: 'doctor: print a report to paste into an issue' },
  help: { type: 'boolean', value: '', summary: 'This text' },
  version: { type: 'boolean', value: '', summary: 'The version' },
} as const;
export type FlagName = keyof typeof flagTable;

/** Taken by every command. */
export const commonFlags: readonly FlagName[] = ['yes', 'json', 'plain', 'env-file', 'help', 'version'];

/** Vendors at which something can be created. */
const createdVendors = ['neon', 'qdrant'] as const;
export type CreatedVendor = (typeof createdVendors)[number];

/** The vendors that a list names, without those that are none. */
export function vendorsIn(list: string): CreatedVendor[] {
  const names = list.split(',').map((name) => name.trim());
  return createdVendors.filter((vendor) => names.includes(vendor));
}

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
  /** Versions to index besides the one that readers see first. */
  versions: string | null;
  locales: string | null;
  enrich: boolean;
  /** What may be created where its value is missing. */
  create: readonly CreatedVendor[];
  noIndex: boolean;
  noFrontend: boolean;
  /** Folder of a build of the site, or the address of the live one. */
  verify: string | null;
  /** Percent of a page's words that may be missing. */
  threshold: string | null;
  /** Folder of another version of the book. */
  changesFrom: string | null;
  markdown: string | null;
  /** Of `index`: it writes the list of the book's pages into the site, and nothing else. */
  llmsTxt: boolean;
  /** Whose workflow `ci` writes; null where it was not named. */
  provider: 'github' | 'gitlab' | null;
  /** Of `insights`; null where it was not named. */
  since: string | null;
  html: string | null;
  embed: boolean;
  /** Of `forget`. */
  olderThan: string | null;
  detailedExitCode: boolean;
  report: boolean;
};
