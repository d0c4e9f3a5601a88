import { parse } from 'yaml';
import { readSpaceFrontMatter } from '../../space/front-matter.ts';
import { HubApiError } from '../hub-api-error.ts';

const colours = ['red', 'yellow', 'green', 'blue', 'indigo', 'purple', 'pink', 'gray'];
const kinds = ['gradio', 'docker', 'static'];
const longestDescription = 60;

/** What is wrong with a Space's README, in the Hub's sentences (quoted in reports of rejected pushes, 2026). */
export function readmeProblems(readme: string): string[] {
  const head = /^\uFEFF?---[ \t]*\r?\n([\s\S]*?)\r?\n---[ \t]*(?:\r?\n|$)/.exec(readme)?.[1];
  if (head === undefined) return [];
  try {
    parse(head);
  } catch (error) {
    return [`Invalid YAML: ${(error as Error).message.split('\n')[0] ?? ''}`];
  }
  const metadata = readSpaceFrontMatter(readme)?.all;
  if (metadata === undefined) return ['"value" must be of type object'];
  return [
    ...['colorFrom', 'colorTo'].map((name) => notAmong(metadata, name, colours)),
    notAmong(metadata, 'sdk', kinds),
    ...['title', 'emoji', 'short_description'].map((name) =>
      metadata[name] === undefined || typeof metadata[name] === 'string'
        ? null
        : `"${name}" must be a string`,
    ),
    String(metadata['short_description'] ?? '').length > longestDescription
      ? `"short_description" length must be less than or equal to ${longestDescription} characters long`
      : null,
  ].filter((problem) => problem !== null);
}

function notAmong(metadata: Record<string, unknown>, name: string, allowed: string[]): string | null {
  const value = metadata[name];
  if (value === undefined || allowed.includes(String(value))) return null;
  return `"${name}" must be one of [${allowed.join(', ')}]`;
}

/** Throws 400 for a commit whose README the Hub would refuse. */
export function checkReadme(readme: Buffer | undefined): void {
  if (readme === undefined) return;
  const problems = readmeProblems(readme.toString('utf8'));
  if (problems.length === 0) return;
  throw new HubApiError(400, `Invalid metadata in README.md: ${problems.join(', ')}`);
}
