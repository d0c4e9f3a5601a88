import { answerByFormat, formatProblem } from '../model/formats/credential-formats.ts';

/** Lengths at which a token is complete, so that a line after it is something else (as the Hub and Google make them). */
const wholeToken = /^(?:hf_[A-Za-z0-9]{34}|AIza[\w-]{35})$/;
const assignment = /^(?:export\s|[A-Z][A-Z0-9_]*\s*[=:])/;
const beginning = String.raw`(?:postgres(?:ql)?(?:\+\w+)?:\/\/|hf_|vc[a-z]_|AQ\.|AIza|eyJ)`;
const brokenInQuotes = new RegExp(String.raw`(["'])(${beginning}[^"'\s]*(?:[ \t]*\n[ \t]*[^"'\s]+)+)\1`, 'g');

/** The text with each value on one line that a terminal or a mail broke into several. */
export function joinBrokenValues(text: string): string {
  const [, name = '', value = ''] = /^((?:export\s+)?[A-Z][A-Z0-9_]*=)?([^]*)$/.exec(text) ?? [];
  if (isBrokenValue(value)) return name + withoutBlanks(value);
  return text.replaceAll(
    brokenInQuotes,
    (_, quote: string, broken: string) => `${quote}${withoutBlanks(broken)}${quote}`,
  );
}

/** True for the lines of one value: each without a blank, and together of a known form. */
function isBrokenValue(text: string): boolean {
  const [first = '', ...rest] = text.split('\n').map((line) => line.trim());
  if (rest.length === 0 || [first, ...rest].some((line) => line === '' || /\s/.test(line))) return false;
  if (answerByFormat(first) === null || wholeToken.test(first)) return false;
  if (rest.some((line) => answerByFormat(line) !== null || assignment.test(line))) return false;
  const value = [first, ...rest].join('');
  const name = answerByFormat(value);
  return name !== null && formatProblem({ name, value }) === null;
}

function withoutBlanks(text: string): string {
  return text.replaceAll(/\s+/g, '');
}
