/** An instruction of a Dockerfile, with continuation lines joined. */
export type Instruction = {
  /** Upper case: `COPY`. */
  word: string;
  /** `--chown=node` as `{chown: 'node'}`. */
  flags: Record<string, string>;
  /** The text after the flags, as written. */
  rest: string;
  /** First line in the file, from 1. */
  line: number;
};

/** An error that ends the build, with the line in the Dockerfile. */
export class BuildError extends Error {
  readonly line: number;

  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

const INSTRUCTIONS = new Set(
  'FROM RUN CMD LABEL MAINTAINER EXPOSE ENV ADD COPY ENTRYPOINT VOLUME USER WORKDIR ARG ONBUILD STOPSIGNAL HEALTHCHECK SHELL'.split(
    ' ',
  ),
);

/** Parses a Dockerfile. Throws BuildError where a builder would. */
export function parseDockerfile(text: string): Instruction[] {
  const instructions: Instruction[] = [];
  const lines = text.split(/\r?\n/);
  for (let index = 0; index < lines.length; index += 1) {
    const first = index + 1;
    let whole = lines[index] ?? '';
    if (/^\s*(#|$)/.test(whole)) continue;
    while (/\\\s*$/.test(whole) && index + 1 < lines.length) {
      index += 1;
      const next = lines[index] ?? '';
      // A comment between continued lines is not part of the instruction.
      whole = /^\s*#/.test(next) ? whole : whole.replace(/\\\s*$/, ' ') + next;
    }
    instructions.push(instructionOf(whole.trim(), first));
  }
  if (instructions.length === 0) throw new BuildError('file with no instructions', 1);
  return instructions;
}

function instructionOf(text: string, line: number): Instruction {
  const [, written = '', after = ''] = /^(\S+)\s*([\s\S]*)$/.exec(text) ?? [];
  const word = written.toUpperCase();
  if (!INSTRUCTIONS.has(word)) {
    throw new BuildError(`dockerfile parse error on line ${line}: unknown instruction: ${written}`, line);
  }
  const flags: Record<string, string> = {};
  let rest = after;
  for (;;) {
    const flag = /^--([a-z-]+)(?:=(\S+))?\s+/.exec(rest);
    if (flag === null) break;
    flags[flag[1] ?? ''] = flag[2] ?? '';
    rest = rest.slice(flag[0].length);
  }
  if (rest.trim() === '' && word !== 'CMD') {
    throw new BuildError(
      `dockerfile parse error on line ${line}: ${word} requires at least one argument`,
      line,
    );
  }
  return { word, flags, rest: rest.trim(), line };
}

/** The words of the exec form, `["node", "server.js"]`; null for the shell form. */
export function jsonForm(text: string): string[] | null {
  if (!text.startsWith('[')) return null;
  try {
    const words = JSON.parse(text) as unknown;
    return Array.isArray(words) && words.every((word) => typeof word === 'string') ? words : null;
  } catch {
    return null;
  }
}

/** Splits at blanks; quotes group, and a backslash escapes the next character. */
export function splitWords(text: string): string[] {
  const words: string[] = [];
  for (const match of text.matchAll(/(?:[^\s"'\\]|\\.|"(?:[^"\\]|\\.)*"|'[^']*')+/g))
    words.push(unquote(match[0]));
  return words;
}

function unquote(word: string): string {
  return word.replaceAll(
    /"((?:[^"\\]|\\.)*)"|'([^']*)'|\\(.)/g,
    (_all, double?: string, single?: string, plain?: string) =>
      double !== undefined ? double.replaceAll(/\\(["\\$])/g, '$1') : (single ?? plain ?? ''),
  );
}

/** Substitutes `$NAME`, `${NAME}`, `${NAME:-default}` and `${NAME:+other}`. */
export function substitute(text: string, values: Record<string, string>): string {
  return text.replaceAll(
    /\$(?:(\w+)|\{(\w+)(?::([-+])([^}]*))?\})/g,
    (_all, plain?: string, braced?: string, operator?: string, other = '') => {
      const value = values[plain ?? braced ?? ''] ?? '';
      if (operator === '-') return value === '' ? String(other) : value;
      if (operator === '+') return value === '' ? '' : String(other);
      return value;
    },
  );
}
