import { plainAnswers, secretAnswers } from '../model/answers.ts';

const name = '[A-Z][A-Z0-9_]{2,}';
const prefix = String.raw`(?:export\s{1,20}|set\s{1,20}|\$\{?[Ee][Nn][Vv]:)?`;

/** What the line is cut at, after what it is not cut in: quotes and a comment. */
const piece = new RegExp(
  String.raw`"(?:[^"\\]|\\.)*"|'[^']*'|\x60[^\x60]*\x60|\s#.*$|` +
    String.raw`(?<!\b(?:export|set))(?:\s{0,20}(?:;|&&)\s{0,20}|\s{1,20})(?=${prefix}${name}\}?\s{0,20}=)`,
  'g',
);

/**
 * The forms of other shells, and several assignments on one line, as lines of dotenv: PowerShell's `$env:A = "b"`, cmd's
 * `set "A=b"` and `setx A b /M`, fish's `set -gx A b`.
 */
export function splitAssignments(text: string): string {
  return text
    .split('\n')
    .flatMap((line) => (/^\s*#/.test(line) ? [line] : splitLine(line)))
    .map(asAssignment)
    .join('\n');
}

function splitLine(line: string): string[] {
  const parts: string[] = [];
  let start = 0;
  for (const { 0: text, index } of line.matchAll(piece)) {
    const before = line.slice(start, index);
    if (/^["'`]|^\s#/.test(text) || !isBetween(line, line.slice(index + text.length))) continue;
    parts.push(before);
    start = index + text.length;
  }
  return parts.length === 0 ? [line] : [...parts, line.slice(start)];
}

const secretFirst = new RegExp(`^\\s*${prefix}(?:${secretAnswers.join('|')})\\}?\\s*=`);
const ownNext = new RegExp(`^${prefix}(?:${[...secretAnswers, ...plainAnswers].join('|')})\\}?\\s*=`);

/** A title may hold a blank and a `=`; a secret does not, and a name of this tool begins another value. */
function isBetween(line: string, after: string): boolean {
  return secretFirst.test(line) || ownNext.test(after);
}

function asAssignment(line: string): string {
  return line
    .replace(/^\s*\$(?:env:\s*|\{env:(\w+)\})/i, '$1')
    .replace(/^\s*set\s+"([A-Za-z_]\w*=.*)"\s*$/i, '$1')
    .replace(/^\s*(?:setx|set(?:\s+-\w+)+)\s+([A-Za-z_]\w*)\s+(\S.*?)(?:\s+\/m)?\s*$/i, '$1=$2')
    .replace(/^\s*set\s+(?=[A-Za-z_]\w*=)/i, '');
}
