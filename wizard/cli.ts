import { parseArgs } from 'node:util';
import { commands } from './model/command.ts';
import { commonFlags, flagTable, vendorsIn } from './model/run/flags.ts';
import { editionListRule } from './model/formats/edition-list.ts';
import { period, webAddress } from './model/formats/flag-rules.ts';
import type { Command, RunnableCommand, CommandName } from './model/command.ts';
import type { FlagName, Flags } from './model/run/flags.ts';
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

/** The nearest of the words, or null when none is near. */
function nearest(word: string, words: readonly string[]): string | null {
  const ranked = words
    .map((candidate) => ({
      candidate,
      far: candidate.startsWith(word) && word.length > 1 ? 1 : distance(word, candidate),
    }))
    .sort((a, b) => a.far - b.far);
  const best = ranked[0];
  return best !== undefined && best.far <= Math.max(2, Math.floor(best.candidate.length / 3))
    ? best.candidate
    : null;
}

/** Names the word that was probably meant. A mistyped word is repeated; what could be a pasted key is not. */
function unknownWord(
  what: 'command' | 'flag',
  word: string,
  words: readonly string[],
  typed: string = word,
): Failure {
  const dashes = what === 'flag' ? '--' : '';
  const guess = nearest(word, words);
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
  hosting: {
    isValid: (value) => value === 'space' || value === 'vercel',
    wants: 'space or vercel',
  },
  create: {
    isValid: (value) => vendorsIn(value).length === value.split(',').length,
    wants: 'one or both of neon,qdrant',
  },
  'hosting-project': {
    isValid: (value) => /^(?!.*---)[a-z0-9._-]{1,100}$/.test(value),
    wants: 'the name of a Vercel project: lowercase letters, digits, ".", "_" and "-"',
  },
  'frontend-variable': {
    isValid: (value) => /^[A-Za-z_]\w*$/.test(value),
    wants: 'the name of a variable, for example REACT_APP_API_BASE_URL',
  },
  'frontend-targets': {
    isValid: (value) =>
      /^(?:production|preview|development)(?:,(?:production|preview|development))*$/.test(value),
    wants: 'one or more of production,preview,development',
  },
  versions: editionListRule,
  locales: editionListRule,
  provider: {
    isValid: (value) => value === 'github' || value === 'gitlab',
    wants: 'github or gitlab',
  },
  since: period,
  'older-than': period,
  'frontend-value': webAddress,
  'api-url': webAddress,
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

type ParsedTokens = { operands: string[]; values: Map<FlagName, string | true> };

function readTokens(argv: readonly string[]): ParsedTokens {
  const options = Object.fromEntries(Object.entries(flagTable).map(([name, { type }]) => [name, { type }]));
  const { tokens } = parseArgs({
    args: [...argv],
    options,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const parsed: ParsedTokens = { operands: [], values: new Map() };
  for (const token of tokens) {
    if (token.kind === 'positional') parsed.operands.push(token.value);
    if (token.kind !== 'option') continue;
    const name = token.rawName === '-h' ? 'help' : token.rawName === '-v' ? 'version' : token.name;
    if (!isFlagName(name)) throw unknownWord('flag', name, Object.keys(flagTable), token.rawName);
    if (flagTable[name].type === 'boolean') {
      if (token.inlineValue === true) {
        throw usage('unwanted-value', `--${name} takes no value.`, `Write --${name} alone.`);
      }
      parsed.values.set(name, true);
      continue;
    }
    // `--space --yes`: the next flag is not the value.
    const isFlagInstead = token.inlineValue === false && token.value?.startsWith('-') === true;
    parsed.values.set(name, checkValue(name, isFlagInstead ? undefined : token.value));
  }
  return parsed;
}

function flagsFrom({ values }: ParsedTokens): Flags {
  const text = (name: FlagName): string | null => {
    const value = values.get(name);
    return typeof value === 'string' ? value : null;
  };
  return {
    rehearse: values.has('rehearse'),
    yes: values.has('yes'),
    json: values.has('json'),
    plain: values.has('plain'),
    envFile: text('env-file'),
    space: text('space'),
    hosting: text('hosting') as Flags['hosting'],
    hostingProject: text('hosting-project'),
    hostingTeam: text('hosting-team'),
    apiUrl: text('api-url'),
    vercelProject: text('vercel-project'),
    vercelTeam: text('vercel-team'),
    frontend: text('frontend'),
    frontendVariable: text('frontend-variable'),
    frontendValue: text('frontend-value'),
    frontendTargets: text('frontend-targets'),
    writeFrontend: values.has('write-frontend'),
    waitForPush: values.has('wait-for-push'),
    docs: text('docs'),
    versions: text('versions'),
    locales: text('locales'),
    enrich: values.has('enrich'),
    create: vendorsIn(text('create') ?? ''),
    noIndex: values.has('no-index'),
    noFrontend: values.has('no-frontend'),
    browser: values.has('browser'),
    verify: text('verify'),
    threshold: text('threshold'),
    changesFrom: text('changes-from'),
    llmsTxt: values.has('llms-txt'),
    markdown: text('markdown'),
    provider: text('provider') as Flags['provider'],
    since: text('since'),
    html: text('html'),
    embed: values.has('embed'),
    olderThan: text('older-than'),
    detailedExitCode: values.has('detailed-exit-code'),
    report: values.has('report'),
  };
}

function isKnown(word: string): word is CommandName {
  return Object.hasOwn(commands, word);
}

function checkShape({ name, operands }: RunnableCommand): void {
  const { least, most, operands: shape }: { least: number; most: number; operands: string } = commands[name];
  if (operands.length < least || operands.length > most) {
    const wants = shape === '' ? 'takes no further words' : `is written ${name} ${shape}`;
    throw usage('operands', `${name} ${wants}.`, `Flags begin with two dashes. ${seeHelp}`);
  }
}

/** A flag that would be passed over in silence was meant to do something. */
function checkFlags(name: CommandName, flags: Iterable<FlagName>): void {
  for (const flag of flags) {
    if (commonFlags.includes(flag) || flagsOf(name).includes(flag)) continue;
    if (flag === 'rehearse') {
      const remedy =
        'Leave --rehearse out; or deploy to the stand-ins of "npm run sandbox", and run it there.';
      throw usage('rehearsal-empty', `A rehearsal leaves nothing that ${name} could look at.`, remedy);
    }
    const takers = Object.keys(commands)
      .filter(isKnown)
      .filter((command) => flagsOf(command).includes(flag));
    throw usage(
      'misplaced-flag',
      `--${flag} means nothing to ${name}.`,
      `Leave it out; it belongs to ${takers.join(', ')}. See rag-space-setup ${name} --help.`,
    );
  }
}

function flagsOf(name: CommandName): readonly FlagName[] {
  return commands[name].flags;
}

/** What the user asks for. Throws Failure `usage` that names the nearest known word. */
export function parseArguments(argv: string[]): Command {
  const tokens = readTokens(argv);
  const flags = flagsFrom(tokens);
  const [word = 'deploy', ...operands] = tokens.operands;
  if (tokens.values.has('version') || word === 'version') return { name: 'version', operands: [], flags };
  const about = word === 'help' ? operands[0] : tokens.operands[0];
  const isHelp = word === 'help' || tokens.values.has('help');
  if (about !== undefined && !isKnown(about) && about !== 'help')
    throw unknownWord('command', about, [...Object.keys(commands), 'help', 'version']);
  if (isHelp) return { name: 'help', operands: [], flags, of: about === 'help' ? null : (about ?? null) };
  if (!isKnown(word)) throw unknownWord('command', word, Object.keys(commands));
  checkShape({ name: word, operands, flags });
  checkFlags(word, tokens.values.keys());
  return { name: word, operands, flags };
}
