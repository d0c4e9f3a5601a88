import { commands, type CommandName } from './model/command.ts';
import { commonFlags, flagTable } from './model/run/flags.ts';
import { contactedHosts, hosts, type ContactedHost } from './model/hosts.ts';

function column(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n');
}

function flagRows(names: readonly string[]): string {
  const rows = Object.entries(flagTable).filter(([name]) => names.includes(name));
  return column(rows.map(([name, { value, summary }]) => [`--${name} ${value}`.trim(), summary]));
}

function hostRows(names: readonly ContactedHost[]): string {
  return column(names.map((name) => [hosts[name].host, hosts[name].sends]));
}

/** The text of `--help`, or of one command's, at most 80 columns. */
export function helpText(command: CommandName | null = null): string {
  return command === null ? generalHelp() : commandHelp(command);
}

function commandHelp(name: CommandName): string {
  const { operands, summary, about, contacts, flags } = commands[name];
  const contacted =
    contacts.length === 0
      ? 'Contacts no host.'
      : `Hosts it may contact, and what each is sent\n${hostRows(contacts)}`;
  return `rag-space-setup ${`${name} ${operands}`.trim()} [flags]
${summary}.

${about.join('\n')}

Flags
${flagRows([...flags, ...commonFlags.filter((flag) => flag !== 'version')])}

${contacted}

All commands, variables and exit codes: rag-space-setup --help
`;
}

function generalHelp(): string {
  const rows = Object.entries(commands).map(([name, { operands, summary }]): [string, string] => [
    `${name} ${operands}`.trim(),
    summary,
  ]);
  return `rag-space-setup [command] [flags]
Deploys a chat assistant for your Docusaurus book to a Hugging Face Space.

Commands
${column(rows)}
  Details of one: rag-space-setup COMMAND --help

Flags
${flagRows(Object.keys(flagTable))}

Values from the environment
  To deploy       HF_TOKEN VERCEL_TOKEN
  Space secrets   GEMINI_API_KEY QDRANT_URL QDRANT_API_KEY DATABASE_URL
  Instead of keys HF_OAUTH_CLIENT_ID NEON_API_KEY QDRANT_CLOUD_API_KEY
  Optional        QDRANT_COLLECTION ALLOWED_ORIGINS LOG_LEVEL GEMINI_MODEL
                  GEMINI_EMBEDDING_MODEL
  Vendor URLs     HF_ENDPOINT VERCEL_API_URL GOOGLE_GEMINI_BASE_URL
  Secrets have no flags: other processes can read the command line.

Exit codes
  0 done  1 failed  2 usage  3 a credential was rejected
  4 a vendor could not be reached  10 plan --detailed-exit-code found changes
  11 deployed, but no answer could be proved
  12 input is missing and the run is not interactive  20 a bug  130 cancelled

Hosts contacted, and what each is sent
${hostRows(contactedHosts)}
  With --rehearse none. If PostgreSQL is missing, it is fetched with npm, once.
  No telemetry. Nothing changes until you accept a plan.
`;
}
