/** The five vendors, in the order in which they are asked for. */
export const services = ['huggingface', 'vercel', 'gemini', 'qdrant', 'postgres'] as const;
export type Service = (typeof services)[number];

export const serviceTitles: Record<Service, string> = {
  huggingface: 'Hugging Face',
  vercel: 'Vercel',
  gemini: 'Gemini',
  qdrant: 'Qdrant',
  postgres: 'Postgres',
};
