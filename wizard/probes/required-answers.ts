import type { AnswerName } from '../model/answers.ts';
import type { Service } from '../model/service.ts';

/** The answers that a service's check needs. */
export const requiredAnswers: Record<Service, readonly AnswerName[]> = {
  huggingface: ['HF_TOKEN'],
  vercel: ['VERCEL_TOKEN'],
  gemini: ['GEMINI_API_KEY'],
  qdrant: ['QDRANT_URL', 'QDRANT_API_KEY'],
  postgres: ['DATABASE_URL'],
};
