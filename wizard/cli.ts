import { parseArgs } from 'node:util';
import { commands, flagTable } from './model/command.ts';
import type { Command, FlagName, Flags, WorkCommand, WorkName } from './model/command.ts';
import { Failure } from './model/failure.ts';

const seeHelp = 'See rag-space-setup --help.';

function usage(code: string, message: string, remedy: string): Failure {
  return new Failure({ kind: 'usage', code, message, remedy });
}

/** Letters to change, add or drop to get from one word to the other. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...from].entries()) {
    const next = [i + 1];
    for (let j = 1; j <= to.length; j++) {
      const swap = (row[j - 1] ?? 0) + (letter === to[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? from.length;
}

/** The known word that was probably meant, or null when none is near. */
function nearest(word: string, known: readonly string[]): string | null {
  const ranked = known
    .map((one) => ({ one, far: one.startsWith(word) && word.length > 1 ? 1 : distance(word, one) }))
    .sort((a, b) => a.far - b.far);
  const best = ranked[0];
  return best !== undefined && best.far <= Math.max(2, Math.floor(best.one.length / 3)) ? best.one : null;
}

/** Names the word that was probably meant. A mistyped word is repeated; what could be a pasted key is not. */
function unknown(
  what: 'command' | 'flag',
  word: string,
  known: readonly string[],
  typed: string = word,
): Failure {
  const dashes = what === 'flag' ? '--' : '';
  const guess = nearest(word, known);
  const isAWord = /^[a-z][a-z-]{0,23}$/i.test(word);
  return usage(
    `unknown-${what}`,
    isAWord ? `Unknown ${what}: ${typed}.` : `That is no ${what} of this tool.`,
    guess === null ? seeHelp : `Did you mean ${dashes}${guess}? ${seeHelp}`,
  );
}

const valueRules: Partial<Record<FlagName, { isValid: (value: string) => boolean; wants: string }>> = {
  space: {
    isValid: (value) => /^[\w.-]+\/[\w.-]+$/.test(value),
    wants: 'OWNER/NAME, for example ana/book-api',
  },
  'frontend-variable': {
    isValid: (value) => /^[A-Za-z_]\w*$/.test(value),
    wants: 'the name of a variable, for example REACT_APP_API_BASE_URL',
  },
  'frontend-value': {
    isValid: (value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol),
    wants: 'an address that begins with https://',
  },
  'api-url': {
    isValid: (value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol),
    wants: 'an address that begins with https://',
  },
};

function checkValue(name: FlagName, value: string | undefined): string {
  const { value: placeholder } = flagTable[name];
  if (value === undefined || value === '') {
    throw usage('missing-value', `--${name} needs a value.`, `Write --${name} ${placeholder}. ${seeHelp}`);
  }
  const rule = valueRules[name];
  if (rule !== undefined && !rule.isValid(value)) {
    throw usage('bad-value', `--${name} does not fit.`, `It wants ${rule.wants}.`);
  }
  return value;
}

function isFlagName(name: string): name is FlagName {
  return Object.hasOwn(flagTable, name);
}

type Found = { operands: string[]; given: Map<FlagName, string | true> };

function readTokens(argv: readonly string[]): Found {
  const options = Object.fromEntries(Object.entries(flagTable).map(([name, { type }]) => [name, { type }]));
  const { tokens } = parseArgs({
    args: [...argv],
    options,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const found: Found = { operands: [], given: new Map() };
  for (const token of tokens) {
    if (token.kind === 'positional') found.operands.push(token.value);
    if (token.kind !== 'option') continue;
    const name = token.rawName === '-h' ? 'help' : token.rawName === '-v' ? 'version' : token.name;
    if (!isFlagName(name)) throw unknown('flag', name, Object.keys(flagTable), token.rawName);
    if (flagTable[name].type === 'boolean') {
      if (token.inlineValue === true) {
        throw usage('unwanted-value', `--${name} takes no value.`, `Write --${name} alone.`);
      }
      found.given.set(name, true);
      continue;
    }
    // `--space --yes`: the next flag is not the value.
    const isFlagInstead = token.inlineValue === false && token.value?.startsWith('-') === true;
    found.given.set(name, checkValue(name, isFlagInstead ? undefined : token.value));
  }
  return found;
}

function flagsFrom({ given }: Found): Flags {
  const text = (name: FlagName): string | null => {
    const value = given.get(name);
    return typeof value === 'string' ? value : null;
  };
  return {
    rehearse: given.has('rehearse'),
    yes: given.has('yes'),
    json: given.has('json'),
    plain: given.has('plain'),
    envFile: text('env-file'),
    space: text('space'),
    apiUrl: text('api-url'),
    vercelProject: text('vercel-project'),
    vercelTeam: text('vercel-team'),
    frontend: text('frontend'),
    frontendVariable: text('frontend-variable'),
    frontendValue: text('frontend-value'),
    writeFrontend: given.has('write-frontend'),
    docs: text('docs'),
    noIndex: given.has('no-index'),
    noFrontend: given.has('no-frontend'),
    verify: text('verify'),
    detailedExitCode: given.has('detailed-exit-code'),
  };
}

function isKnown(word: string): word is WorkName {
  return Object.hasOwn(commands, word);
}

function checkShape({ name, operands, flags }: WorkCommand): void {
  const { least, most, operands: shape }: { least: number; most: number; operands: string } = commands[name];
  if (operands.length < least || operands.length > most) {
    const wants = shape === '' ? 'takes no further words' : `is written ${name} ${shape}`;
    throw usage('operands', `${name} ${wants}.`, `Flags begin with two dashes. ${seeHelp}`);
  }
  if (flags.rehearse && !commands[name].canRehearse) {
    const remedy = 'Leave --rehearse out; or deploy to the stand-ins of "npm run sandbox", and run it there.';
    throw usage('rehearsal-empty', `In a rehearsal nothing stands that ${name} could look at.`, remedy);
  }
  if (name === 'index' && flags.noIndex) {
    throw usage('misplaced-flag', '--no-index leaves nothing for index to do.', 'Leave it out.');
  }
  if (flags.detailedExitCode && name !== 'plan') {
    throw usage('misplaced-flag', '--detailed-exit-code belongs to plan.', 'Leave it out, or run plan.');
  }
  if (flags.verify !== null && name !== 'index') {
    throw usage('misplaced-flag', '--verify belongs to index.', 'Write: index --verify BUILD_DIR');
  }
}

/** What the person asks for. Throws Failure `usage` that names the nearest known word. */
export function parseArguments(argv: string[]): Command {
  const found = readTokens(argv);
  const flags = flagsFrom(found);
  const [word = 'deploy', ...operands] = found.operands;
  if (found.given.has('version') || word === 'version') return { name: 'version', operands: [], flags };
  if (found.given.has('help') || word === 'help') return { name: 'help', operands: [], flags };
  if (!isKnown(word)) throw unknown('command', word, [...Object.keys(commands), 'help', 'version']);
  checkShape({ name: word, operands, flags });
  return { name: word, operands, flags };
}

function column(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n');
}

/** The text of `--help`, at most 80 columns. */
export function helpText(): string {
  const words = Object.entries(commands).map(([name, { operands, summary }]): [string, string] => [
    `${name} ${operands}`.trim(),
    summary,
  ]);
  const flags = Object.entries(flagTable).map(([name, { value, summary }]): [string, string] => [
    `--${name} ${value}`.trim(),
    summary,
  ]);
  return `rag-space-setup [command] [flags]
Puts your Docusaurus book’s chat assistant live on a Hugging Face Space.

Commands
${column(words)}

Flags
${column(flags)}

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

Contacts Hugging Face, Vercel, Google (Gemini), your Qdrant and your Postgres;
with --rehearse nobody. No telemetry. Nothing changes before a plan is accepted.
`;
}
