import type { AnswerName } from '../model/answers.ts';

/** An answer as it is used from here on, and what else the value tells: a page's address names team and project. */
export function normalise({
  name,
  value,
}: {
  name: AnswerName;
  value: string;
}): Partial<Record<AnswerName, string>> {
  switch (name) {
    case 'HF_SPACE': {
      const [, space] = /\/spaces\/([\w.-]+\/[\w.-]+)/.exec(value) ?? [];
      return { HF_SPACE: space ?? value };
    }
    case 'VERCEL_PROJECT': {
      const [, team, project] = /^https:\/\/vercel\.com\/([\w.-]+)\/([\w.-]+)/.exec(value) ?? [];
      return team === undefined || project === undefined
        ? { VERCEL_PROJECT: value }
        : { VERCEL_PROJECT: project, VERCEL_TEAM: team };
    }
    case 'DOCS_DIR':
      // A folder dropped on a terminal comes with its blanks escaped.
      return { DOCS_DIR: value.replaceAll('\\ ', ' ') };
    case 'DATABASE_URL':
      return { DATABASE_URL: value.replace(/^psql\s+/, '') };
    default:
      return { [name]: value };
  }
}
