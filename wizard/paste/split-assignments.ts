import { secretAnswers } from '../model/answers.ts';

/** PowerShell's `$env:A = "b"`, and a second assignment to a name of this tool on one line, as lines of dotenv. */
export function splitAssignments(text: string): string {
  const next = new RegExp(
    `(?<=[^\\s#])(?<!\\b(?:export|set))[ \\t;&]+(?:export\\s+|set\\s+|\\$env:)?(?=(?:${ownNames})\\s*=)`,
    'gi',
  );
  return text
    .split('\n')
    .map((line) => line.replace(/^\s*\$env:\s*/i, ''))
    .map((line) => (/^\s*#/.test(line) ? line : line.replaceAll(next, '\n')))
    .join('\n');
}

const ownNames = secretAnswers.join('|');
