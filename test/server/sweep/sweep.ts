import { expect } from 'vitest';
import { runBundle } from '../running-bundle.ts';
import { untilHealth } from '../start-server.ts';
import type { Vendors } from '../vendors.ts';
import { lift, vendorWords, type SweptFault } from './faults.ts';
import { visitServer } from './visit-server.ts';

/** Error messages of drivers, vendors' packages and Node, and stack traces. */
const foreign = [
  /^\s*at .+[:(]\d+/m,
  /\\n\s+at /,
  /node_modules|node:internal|server\.js:\d/,
  /(?:connect|read|write|getaddrinfo) E[A-Z_]+/,
  /fetch failed|getaddrinfo|socket hang up|Connection terminated|timeout exceeded/i,
  /password authentication|SCRAM|relation "|syntax error|violates/i,
  /Unexpected token|Unexpected end of|JSON at position|ZodError|invalid_type/,
  /GoogleGenerativeAI|Unexpected Response|ApiError|QdrantClient/,
  /postgres(?:ql)?:\/\//i,
];

/** A system error code: allowed in the log, not in an answer. */
const systemCode = /\bE(?:CONN|PIPE|TIMEDOUT|AI_|HOST|NOT)[A-Z]*\b/;

/** Every form in which a secret of these settings could occur in a text. */
function secretsOf(settings: Record<string, string>): string[] {
  const { GEMINI_API_KEY = '', QDRANT_API_KEY = '', QDRANT_URL = '', DATABASE_URL = '' } = settings;
  const database = new URL(DATABASE_URL);
  const password = decodeURIComponent(database.password);
  const whole = [GEMINI_API_KEY, QDRANT_API_KEY, DATABASE_URL, password, database.password];
  const addresses = [new URL(QDRANT_URL).host, database.host];
  const encoded = whole.flatMap((secret) => [
    Buffer.from(secret).toString('base64').replace(/=+$/, ''),
    encodeURIComponent(secret),
  ]);
  return [
    ...whole,
    ...addresses,
    ...encoded,
    JSON.stringify(password).slice(1, -1),
    vendorWords.split(' ')[0]!,
  ];
}

/**
 * Runs the bundle under one fault, from the start or from later on, and checks everything that it sends and prints
 * for secrets and for other software's messages. It must answer every request and exit normally.
 */
export async function sweep({
  vendors,
  fault,
  when,
  logLevel,
}: {
  vendors: Vendors;
  fault: SweptFault;
  when: 'start' | 'later';
  logLevel: string;
}): Promise<void> {
  const settings = { ...vendors.environment, ...fault.settings, LOG_LEVEL: logLevel };
  if (when === 'start') await fault.set(vendors);
  const server = await runBundle(settings);
  try {
    if (when === 'later') {
      await untilHealth(server.url, 'healthy');
      await fault.set(vendors);
    }
    const sent = await visitServer(server.url);
    for (const text of sent) expect(text).not.toMatch(systemCode);
    const texts = [...sent, server.output()];
    for (const text of texts) {
      for (const secret of secretsOf(settings)) expect(text).not.toContain(secret);
      for (const words of foreign) expect(text).not.toMatch(words);
    }
  } finally {
    await lift(vendors);
    expect(await server.close()).toBe(0);
  }
}
