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
export type VariableName = (typeof variableNames)[number];

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

/** Hosted secrets are often empty strings: an empty value counts as absent. */
export const serverEnvironment = z.preprocess(
  (value) =>
    Object.fromEntries(
      Object.entries(value as Record<string, string>).filter(([, one]) => one?.trim() !== ''),
    ),
  z.object({
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
    HOST: text.default('0.0.0.0'),
    PORT: z.coerce.number().int().min(0).max(65_535).default(defaults.port),
  }),
);
export type ServerEnvironment = z.infer<typeof serverEnvironment>;

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
