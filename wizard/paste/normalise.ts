import type { AnswerName } from '../model/answers.ts';
import { answerByFormat } from '../model/formats/credential-formats.ts';

export type NormalisedAnswer = {
  values: Partial<Record<AnswerName, string>>;
  /** What was changed, in a word for a person. */
  cleaned: string[];
};

/** An answer as it is used from here on, and what else the value tells: a page's address names team and project. */
export function normalise({ name, value }: { name: AnswerName; value: string }): NormalisedAnswer {
  switch (name) {
    case 'HF_SPACE': {
      const [, space] = /\/spaces\/([\w.-]+\/[\w.-]+)/.exec(value) ?? [];
      return only(name, { from: value, to: space ?? value, word: 'page address' });
    }
    case 'VERCEL_PROJECT': {
      const [, team, project] = /^https:\/\/vercel\.com\/([\w.-]+)\/([\w.-]+)/.exec(value) ?? [];
      if (team === undefined || project === undefined)
        return { values: { VERCEL_PROJECT: value }, cleaned: [] };
      return { values: { VERCEL_PROJECT: project, VERCEL_TEAM: team }, cleaned: ['page address'] };
    }
    case 'DOCS_DIR':
      // A folder dropped on a terminal comes with its blanks escaped.
      return only(name, { from: value, to: value.replaceAll('\\ ', ' '), word: 'backslashes' });
    case 'DATABASE_URL':
      return only(name, { from: value, to: encodePassword(value), word: 'unencoded password' });
    case 'QDRANT_CLOUD_API_KEY':
      // A cluster's key, under the name of one that manages the account.
      return answerByFormat(value) === 'QDRANT_API_KEY'
        ? { values: { QDRANT_API_KEY: value }, cleaned: ['the name of a management key'] }
        : { values: { [name]: value }, cleaned: [] };
    default:
      return { values: { [name]: value }, cleaned: [] };
  }
}

function only(name: AnswerName, change: { from: string; to: string; word: string }): NormalisedAnswer {
  const { from, to, word } = change;
  return { values: { [name]: to }, cleaned: from === to ? [] : [word] };
}

/** A password as it is, with `@`, `/`, `#` or `?` in it, ends at the last `@` before a host. */
function encodePassword(url: string): string {
  const [, head, password, tail] =
    /^(postgres(?:ql)?(?:\+\w+)?:\/\/[^\s:/@]+:)(\S+)(@[^\s/@?#]+\/[^\s/@?#]+(?:\?[^\s@#]*)?)$/i.exec(url) ??
    [];
  if (head === undefined || password === undefined || tail === undefined) return url;
  const encoded = password.replaceAll(/[@/#?]|%(?![0-9a-f]{2})/gi, (sign) => encodeURIComponent(sign));
  return `${head}${encoded}${tail}`;
}
