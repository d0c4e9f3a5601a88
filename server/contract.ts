/**
 * All that a deployer must know of the server: what it reads from the environment, what its health says.
 * The one bridge between the two halves; pure, so that either may import it.
 */
import { z } from 'zod';

/** Kept out of sight in the Space (its secrets). */
export const secretNames = ['GEMINI_API_KEY', 'QDRANT_URL', 'QDRANT_API_KEY', 'DATABASE_URL'] as const;
export type SecretName = (typeof secretNames)[number];

/** Public in the Space (its variables); `GOOGLE_GEMINI_BASE_URL` only when it is set. */
export const variableNames = [
  'QDRANT_COLLECTION',
  'ALLOWED_ORIGINS',
  'LOG_LEVEL',
  'GEMINI_MODEL',
  'GEMINI_EMBEDDING_MODEL',
  'DEPLOYMENT_ID',
  'GOOGLE_GEMINI_BASE_URL',
] as const;

export const defaults = {
  collection: 'docusaurus-book',
  answerModel: 'gemini-flash-latest',
  embeddingModel: 'gemini-embedding-2',
  /** Tried in this order by the wizard; the first that answers is taken. */
  embeddingModels: ['gemini-embedding-2', 'gemini-embedding-001'],
  dimensions: 768,
  geminiBaseUrl: 'https://generativelanguage.googleapis.com',
  port: 7860,
  origins: 'http://localhost:3000',
} as const;

/** The original's words and pino's. */
export const logLevels = [
  'trace',
  'debug',
  'info',
  'warn',
  'warning',
  'error',
  'critical',
  'fatal',
  'silent',
] as const;

const text = z.string().trim().min(1);

/** How other servers of this kind call the same thing; our own name wins. */
const settingAliases: Readonly<Record<string, string>> = {
  CORS_ORIGINS: 'ALLOWED_ORIGINS',
  QDRANT_COLLECTION_NAME: 'QDRANT_COLLECTION',
  COLLECTION_NAME: 'QDRANT_COLLECTION',
  NEON_DATABASE_URL: 'DATABASE_URL',
  NEON_DB_URL: 'DATABASE_URL',
  GOOGLE_API_KEY: 'GEMINI_API_KEY',
};

/** Hosted secrets are often empty strings: an empty value counts as absent. */
function resolveAliases(value: unknown): Record<string, string> {
  const set = Object.entries(value as Record<string, string>).filter(([, one]) => one?.trim() !== '');
  const ours = set.map(([name, one]) => [settingAliases[name.toUpperCase()] ?? name, one] as const);
  return { ...Object.fromEntries(ours), ...Object.fromEntries(set) };
}

const count = z.coerce.number().int().min(0);
const flag = text
  .toLowerCase()
  .pipe(z.enum(['on', 'true', '1', 'yes', 'off', 'false', '0', 'no']))
  .transform((word) => ['on', 'true', '1', 'yes'].includes(word));

const variables = z.object({
  GEMINI_API_KEY: text,
  QDRANT_URL: text,
  QDRANT_API_KEY: text.optional(),
  DATABASE_URL: text,
  QDRANT_COLLECTION: text.default(defaults.collection),
  ALLOWED_ORIGINS: text.default(defaults.origins),
  LOG_LEVEL: text.toLowerCase().pipe(z.enum(logLevels)).default('info'),
  GEMINI_MODEL: text.default(defaults.answerModel),
  GEMINI_EMBEDDING_MODEL: text.default(defaults.embeddingModel),
  GOOGLE_GEMINI_BASE_URL: text.default(defaults.geminiBaseUrl),
  DEPLOYMENT_ID: text.optional(),
  /** Also answers on the paths that other frontends of this kind use. */
  CHAT_ALIAS_ROUTES: flag.default(false),
  /** `auto` goes by the request; the others answer every request alike. */
  CHAT_RESPONSE_MODE: text
    .toLowerCase()
    .pipe(z.enum(['auto', 'sse', 'json']))
    .default('auto'),
  /** Limits; 0 is none. The budget holds for all readers together, so it bounds what a day can cost. */
  CHAT_PER_MINUTE: count.default(30),
  CHAT_PER_CONVERSATION_MINUTE: count.default(15),
  CHAT_READS_PER_MINUTE: count.default(60),
  CHAT_DAILY_BUDGET: count.default(0),
  /** A book of more sections is searched in Qdrant alone. */
  CHAT_MEMORY_SECTIONS: count.default(50_000),
  HOST: text.default('0.0.0.0'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(defaults.port),
});

export const serverEnvironment = z.preprocess(resolveAliases, variables);

const partialVariables = variables.partial({ GEMINI_API_KEY: true, QDRANT_URL: true, DATABASE_URL: true });
/** As far as the environment tells: what is not usable has its default, or is not there. */
export type ServerSettings = z.infer<typeof partialVariables>;

export type InvalidSetting = { name: string; isMissing: boolean };

/** The settings as far as they go, and the names of those that are missing or not usable; never a value. */
export function readSettings(environment: unknown): { settings: ServerSettings; unusable: InvalidSetting[] } {
  const given = resolveAliases(environment);
  const names = new Set(variables.safeParse(given).error?.issues.map(({ path }) => String(path[0])));
  const usable = Object.entries(given).filter(([name]) => !names.has(name));
  return {
    settings: partialVariables.parse(Object.fromEntries(usable)),
    unusable: [...names].map((name) => ({ name, isMissing: given[name] === undefined })),
  };
}

/** The entries of `ALLOWED_ORIGINS`, a list with commas or a JSON array, without blanks and quotes around each. */
export function parseOriginList(value: string): string[] {
  const text = value.trim();
  const items = text.startsWith('[')
    ? (parseJsonArray(text) ?? text.replaceAll(/^\[|\]$/g, '').split(/[,\s]+/))
    : text.split(/[,\s]+/);
  return items.map((one) => one.trim().replaceAll(/^["']+|["']+$/g, '')).filter((one) => one !== '');
}

/** Null when it is not JSON after all: a list in brackets without quotes. */
function parseJsonArray(text: string): string[] | null {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list.map(String) : null;
  } catch {
    return null;
  }
}

const serviceState = z.looseObject({
  status: z.string(),
  error: z.string().optional(),
  recommended_action: z.string().optional(),
});

/** Body of `GET /api/health`; 200 when healthy, 503 otherwise. */
export const healthReport = z.looseObject({
  status: z.enum(['healthy', 'degraded', 'unhealthy', 'starting']),
  message: z.string().optional(),
  services: z
    .looseObject({
      fastapi: z.string(),
      qdrant: serviceState.optional(),
      postgres: serviceState.optional(),
      gemini: serviceState.optional(),
    })
    .optional(),
  failed_services: z.array(z.string()).optional(),
  /** The value of `DEPLOYMENT_ID` that this very process runs with. */
  deployment_id: z.string().nullish(),
  version: z.string().optional(),
  timestamp: z.string(),
});
export type HealthReport = z.infer<typeof healthReport>;
