/** Who speaks in the sandbox, in the names of faults and of the record. */
export type Vendor = 'hub' | 'vercel' | 'gemini' | 'qdrant' | 'postgres' | 'space' | 'frontend' | 'admin';
