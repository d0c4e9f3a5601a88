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

/** Where a server can run: a Hugging Face Space, or a function of a Vercel project. */
export type HostingKind = 'space' | 'vercel';
