/**
 * What a deployer must know about the server: the variables it reads and the report of its health. The only bridge
 * between server and wizard; pure, so that both may import it.
 */
import * as z from 'zod';

/** Stored as secrets of the Space. */
export const secretNames = ['GEMINI_API_KEY', 'QDRANT_URL', 'QDRANT_API_KEY', 'DATABASE_URL'] as const;
export type SecretName = (typeof secretNames)[number];

/** Stored as public variables of the Space; `GOOGLE_GEMINI_BASE_URL` only when it is set. */
export const variableNames = [
  'QDRANT_COLLECTION',
  'ALLOWED_ORIGINS',
  'LOG_LEVEL',
  'GEMINI_MODEL',
  'GEMINI_EMBEDDING_MODEL',
  'CHAT_RESPONSE_MODE',
  'HOSTING_CPU_MINUTES',
  'HOSTING_REQUESTS',
  'DEPLOYMENT_ID',
  'GOOGLE_GEMINI_BASE_URL',
] as const;

export const defaults = {
  collection: 'docusaurus-book',
  answerModel: 'gemini-flash-latest',
  /** Its quota is counted apart. */
  smallerModel: 'gemini-flash-lite-latest',
  embeddingModel: 'gemini-embedding-2',
  /** The wizard tries these in order and uses the first that answers. */
  embeddingModels: ['gemini-embedding-2', 'gemini-embedding-001'],
  dimensions: 768,
  geminiBaseUrl: 'https://generativelanguage.googleapis.com',
  port: 7860,
  origins: 'http://localhost:3000',
  perMinute: 30,
  perConversationMinute: 15,
  readsPerMinute: 60,
} as const;

/** The level names of the FastAPI server this replaces, and pino's. */
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

/** The names that similar servers use; our own name takes precedence. */
const settingAliases: Readonly<Record<string, string>> = {
  CORS_ORIGINS: 'ALLOWED_ORIGINS',
  QDRANT_COLLECTION_NAME: 'QDRANT_COLLECTION',
  COLLECTION_NAME: 'QDRANT_COLLECTION',
  NEON_DATABASE_URL: 'DATABASE_URL',
  NEON_DB_URL: 'DATABASE_URL',
  GOOGLE_API_KEY: 'GEMINI_API_KEY',
};

/** Maps aliases to our names. An empty value counts as absent, since hosting platforms often store empty strings. */
function resolveAliases(value: unknown): Record<string, string> {
  const entries = Object.entries(value as Record<string, string>).filter(([, text]) => text?.trim() !== '');
  const renamed = entries.map(([name, text]) => [settingAliases[name.toUpperCase()] ?? name, text] as const);
  return { ...Object.fromEntries(renamed), ...Object.fromEntries(entries) };
}

const count = z.coerce.number().int().min(0);

/**
 * The values of `CHAT_RESPONSE_MODE`. `auto` decides by the request; `0.1` as version 0.1 did; the others name the form
 * that one client reads. docs/chat-api.md describes each.
 */
export const responseModes = [
  'auto',
  'sse',
  'sse-message-events',
  'sse-delta-events',
  'sse-data-events',
  'json',
  'json-objects',
  'json-source-urls',
  'json-citation-urls',
  '0.1',
] as const;
export type ResponseMode = (typeof responseModes)[number];

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
  /** How answers are written where the request does not say which form its client reads. */
  CHAT_RESPONSE_MODE: text.toLowerCase().pipe(z.enum(responseModes)).default('auto'),
  /** Limits; 0 means no limit. The budget counts the answers of all servers on one database, so it bounds the cost of a day. */
  CHAT_PER_MINUTE: count.default(defaults.perMinute),
  CHAT_PER_CONVERSATION_MINUTE: count.default(defaults.perConversationMinute),
  CHAT_READS_PER_MINUTE: count.default(defaults.readsPerMinute),
  CHAT_DAILY_BUDGET: count.default(0),
  /** Asked when the quota of GEMINI_MODEL has ended; the same name means none. */
  CHAT_SMALLER_MODEL: text.default(defaults.smallerModel),
  /** A larger book is searched in Qdrant only. */
  CHAT_MEMORY_SECTIONS: count.default(50_000),
  /** Whether `GET /metrics` answers: anybody can read it. */
  CHAT_METRICS: text
    .toLowerCase()
    .pipe(z.enum(['on', 'off']))
    .default('off'),
  /** Conversations are kept for ever where it is absent or 0. */
  CHAT_RETENTION_DAYS: count.max(36_500).optional(),
  /** Whether conversations that were stored before deployments were recorded count as this deployment's. */
  CHAT_RETENTION_UNNAMED: text
    .toLowerCase()
    .pipe(z.enum(['on', 'off']))
    .default('off'),
  /** Whose conversations these are, where several servers share a database; the platform's own name by default. */
  CHAT_SERVER_NAME: text.max(200).optional(),
  /** Set by the Hub in every Space. */
  SPACE_ID: text.optional(),
  /** `ACCOUNT/PROJECT`, in a function's deployment: Vercel names its project only where the project asks for that. */
  HOSTING_PROJECT: text.optional(),
  /** What the account's plan allows a function in 30 days; 0 means no limit. It stops itself at 70 %. */
  HOSTING_CPU_MINUTES: count.default(0),
  HOSTING_REQUESTS: count.default(0),
  HOST: text.default('0.0.0.0'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(defaults.port),
});

/** What a server's conversations are recorded under; null where neither the owner nor the platform names it. */
export function serverNameOf(
  settings: Pick<ServerSettings, 'CHAT_SERVER_NAME' | 'SPACE_ID' | 'HOSTING_PROJECT'>,
): string | null {
  return settings.CHAT_SERVER_NAME ?? settings.SPACE_ID ?? settings.HOSTING_PROJECT ?? null;
}

type Variables = z.infer<typeof variables>;
type NeededName = 'GEMINI_API_KEY' | 'QDRANT_URL' | 'DATABASE_URL';
/** The valid settings; an invalid one has its default, or is absent if it has none. */
export type ServerSettings = Omit<Variables, NeededName> & Partial<Pick<Variables, NeededName>>;

export type InvalidSetting = { name: string; isMissing: boolean };

/** Reads the valid settings, and the names of those that are missing or invalid, never their values. */
export function readSettings(environment: unknown): { settings: ServerSettings; invalid: InvalidSetting[] } {
  const values = resolveAliases(environment);
  const invalid: InvalidSetting[] = [];
  // One by one, because zod compiles a schema of an object before it reads the first.
  const entries = Object.entries<z.ZodType>(variables.shape).map(([name, schema]) => {
    const { success, data } = schema.safeParse(values[name]);
    if (success) return [name, data] as const;
    invalid.push({ name, isMissing: values[name] === undefined });
    return [name, schema.safeParse(undefined).data] as const;
  });
  return { settings: Object.fromEntries(entries) as ServerSettings, invalid };
}

/** The entries of `ALLOWED_ORIGINS`, a comma-separated list or a JSON array, without spaces and quotes around them. */
export function parseOriginList(value: string): string[] {
  const text = value.trim();
  const items = text.startsWith('[')
    ? (parseJsonArray(text) ?? text.replaceAll(/^\[|\]$/g, '').split(/[,\s]+/))
    : text.split(/[,\s]+/);
  return items.map((item) => item.trim().replaceAll(/^["']+|["']+$/g, '')).filter((item) => item !== '');
}

/** Null when the text is not JSON: a list in brackets without quotes. */
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
      hosting: serviceState.optional(),
    })
    .optional(),
  failed_services: z.array(z.string()).optional(),
  /** The value of `DEPLOYMENT_ID` in the running process. */
  deployment_id: z.string().nullish(),
  version: z.string().optional(),
  timestamp: z.string(),
});
export type HealthReport = z.infer<typeof healthReport>;
