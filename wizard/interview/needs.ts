import type { AnswerName } from '../model/answers.ts';
import type { Service } from '../model/service.ts';

/** Which question is asked again when a service says no. */
export const questionFor: Record<Service, { rejected: AnswerName; unreachable: AnswerName }> = {
  huggingface: { rejected: 'HF_TOKEN', unreachable: 'HF_TOKEN' },
  vercel: { rejected: 'VERCEL_TOKEN', unreachable: 'VERCEL_TOKEN' },
  gemini: { rejected: 'GEMINI_API_KEY', unreachable: 'GEMINI_API_KEY' },
  qdrant: { rejected: 'QDRANT_API_KEY', unreachable: 'QDRANT_URL' },
  postgres: { rejected: 'DATABASE_URL', unreachable: 'DATABASE_URL' },
};
