import { commands, commonFlags, flagTable, type CommandName } from './model/command.ts';
import { contactedHosts, hosts, type ContactedHost } from './model/hosts.ts';

function column(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n');
}

function flagRows(names: readonly string[]): string {
  const rows = Object.entries(flagTable).filter(([name]) => names.includes(name));
  return column(rows.map(([name, { value, summary }]) => [`--${name} ${value}`.trim(), summary]));
}

function contactRows(names: readonly ContactedHost[]): string {
  return column(names.map((name) => [hosts[name].host, hosts[name].sends]));
}

/** The text of `--help`, or of one command's, at most 80 columns. */
export function helpText(of: CommandName | null = null): string {
  return of === null ? helpOfAll() : helpOfOne(of);
}

function helpOfOne(name: CommandName): string {
  const { operands, summary, about, contacts: spokenTo, flags } = commands[name];
  const asks =
    spokenTo.length === 0
      ? 'Contacts nobody.'
      : `Contacts at most, and what each is sent\n${contactRows(spokenTo)}`;
  return `rag-space-setup ${`${name} ${operands}`.trim()} [flags]
${summary}.

${about.join('\n')}

Flags
${flagRows([...flags, ...commonFlags.filter((flag) => flag !== 'version')])}

${asks}

All commands, variables and exit codes: rag-space-setup --help
`;
}

function helpOfAll(): string {
  const words = Object.entries(commands).map(([name, { operands, summary }]): [string, string] => [
    `${name} ${operands}`.trim(),
    summary,
  ]);
  return `rag-space-setup [command] [flags]
Puts your Docusaurus book’s chat assistant live on a Hugging Face Space.

Commands
${column(words)}
  One of them in detail: rag-space-setup COMMAND --help

Flags
${flagRows(Object.keys(flagTable))}

Values from the environment
  For this tool   HF_TOKEN VERCEL_TOKEN
  The Space’s     GEMINI_API_KEY QDRANT_URL QDRANT_API_KEY DATABASE_URL
  Set if wanted   QDRANT_COLLECTION ALLOWED_ORIGINS LOG_LEVEL GEMINI_MODEL
                  GEMINI_EMBEDDING_MODEL
  Other hosts     HF_ENDPOINT VERCEL_API_URL GOOGLE_GEMINI_BASE_URL
  Secrets have no flags: the command line can be read by others.

Exit codes
  0 done  1 failed  2 usage  3 a credential was rejected
  4 a vendor could not be reached  10 plan found changes (when asked to say so)
  12 input is missing and nobody can be asked  20 a bug  130 cancelled

Contacts, and what each is sent
${contactRows(contactedHosts)}
  With --rehearse nobody; PostgreSQL is fetched with npm, once, where it is
  missing. No telemetry. Nothing changes before a plan is accepted.
`;
}
