/** The parts of the sandbox, as they are called in faults and in the record. */
export type Vendor =
  | 'hub'
  | 'vercel'
  | 'gemini'
  | 'neon'
  | 'qdrant-cloud'
  | 'qdrant'
  | 'postgres'
  | 'space'
  | 'frontend'
  | 'admin';
