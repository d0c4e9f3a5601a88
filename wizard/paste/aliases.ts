import type { AnswerName } from '../model/answers.ts';

/** The names under which projects and vendors keep each value; the exact name first. */
const aliases: Record<AnswerName, readonly string[]> = {
  HF_TOKEN: [
    'HF_TOKEN',
    'HUGGING_FACE_HUB_TOKEN',
    'HUGGINGFACE_HUB_TOKEN',
    'HUGGINGFACEHUB_API_TOKEN',
    'HUGGINGFACE_TOKEN',
    'HUGGING_FACE_TOKEN',
    'HUGGINGFACE_API_KEY',
    'HF_API_TOKEN',
    'HF_API_KEY',
  ],
  VERCEL_TOKEN: ['VERCEL_TOKEN', 'VERCEL_API_TOKEN', 'VERCEL_ACCESS_TOKEN'],
  NEON_API_KEY: ['NEON_API_KEY'],
  // Qdrant’s name for a key that manages an account: it is never sent to a cluster.
  QDRANT_CLOUD_API_KEY: ['QDRANT_CLOUD_API_KEY'],
  HOSTING_VERCEL_TOKEN: ['HOSTING_VERCEL_TOKEN'],
  GEMINI_API_KEY: [
    'GEMINI_API_KEY',
    'GOOGLE_API_KEY',
    'GOOGLE_GEMINI_API_KEY',
    'GOOGLE_GENERATIVE_AI_API_KEY',
    'GEMINI_KEY',
    'X_GOOG_API_KEY',
  ],
  QDRANT_URL: [
    'QDRANT_URL',
    'QDRANT_CLUSTER_URL',
    'QDRANT_ENDPOINT',
    'QDRANT_CLUSTER_ENDPOINT',
    'QDRANT_HOST',
  ],
  QDRANT_API_KEY: ['QDRANT_API_KEY', 'QDRANT_KEY', 'QDRANT__SERVICE__API_KEY'],
  DATABASE_URL: [
    'DATABASE_URL',
    'NEON_DATABASE_URL',
    'NEON_DB_URL',
    'NEON_URL',
    'POSTGRES_URL',
    'POSTGRESQL_URL',
    'POSTGRES_CONNECTION_STRING',
    'DATABASE_URI',
    'DB_URL',
    'PG_URL',
    'DATABASE_URL_UNPOOLED',
  ],
  HF_SPACE: ['HF_SPACE', 'HF_SPACE_ID', 'SPACE_ID'],
  VERCEL_PROJECT: ['VERCEL_PROJECT', 'VERCEL_PROJECT_NAME', 'VERCEL_PROJECT_ID', 'PROJECTID'],
  VERCEL_TEAM: ['VERCEL_TEAM', 'VERCEL_TEAM_ID', 'VERCEL_ORG_ID', 'ORGID'],
  DOCS_DIR: ['DOCS_DIR'],
  BOOK_BASE_URL: ['BOOK_BASE_URL'],
  BOOK_VERSIONS: ['BOOK_VERSIONS'],
  BOOK_LOCALES: ['BOOK_LOCALES'],
};

const byAlias = new Map<string, { answer: AnswerName; rank: number }>(
  Object.entries(aliases).flatMap(([answer, names]) =>
    names.map((name, rank) => [name, { answer: answer as AnswerName, rank }] as const),
  ),
);

/** Every name of a secret or of an address, the longest first. */
export const exactNames: readonly string[] = [...byAlias.keys()]
  .filter(
    (name) => /_/.test(name) && !/^(?:HF_SPACE|SPACE_|VERCEL_(?:PROJECT|TEAM|ORG)|DOCS_|BOOK_)/.test(name),
  )
  .toSorted((a, b) => b.length - a.length);

/** The answer that goes by this name, in any case and with dashes or underscores; a lower rank wins over a higher. */
export function answerByName(name: string): { answer: AnswerName; rank: number } | null {
  return byAlias.get(name.trim().toUpperCase().replaceAll(/[-.]/g, '_')) ?? null;
}
