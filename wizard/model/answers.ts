import type { Secret } from './secret.ts';

/** Each answer is known by the name of the variable that can give it. */
export const secretAnswers = [
  'HF_TOKEN',
  'VERCEL_TOKEN',
  'HOSTING_VERCEL_TOKEN',
  'GEMINI_API_KEY',
  'QDRANT_URL',
  'QDRANT_API_KEY',
  'DATABASE_URL',
  'NEON_API_KEY',
  'QDRANT_CLOUD_API_KEY',
] as const;
export type SecretAnswer = (typeof secretAnswers)[number];

export const plainAnswers = [
  'HF_SPACE',
  'VERCEL_TEAM',
  'VERCEL_PROJECT',
  'DOCS_DIR',
  'BOOK_BASE_URL',
  'BOOK_VERSIONS',
  'BOOK_LOCALES',
] as const;
export type PlainAnswer = (typeof plainAnswers)[number];

export type AnswerName = SecretAnswer | PlainAnswer;

/** Where a value came from, in words for a person: `typed`, `environment`, `--space`, `.env`, `default`. */
export type Answer<T> = { value: T; source: string; cleaned: readonly string[] };

/** The user's values, parsed; not believed until a probe accepts them. */
export type Answers = Partial<Record<SecretAnswer, Answer<Secret>>> &
  Partial<Record<PlainAnswer, Answer<string>>>;

export function isSecretAnswer(name: AnswerName): name is SecretAnswer {
  return (secretAnswers as readonly string[]).includes(name);
}
