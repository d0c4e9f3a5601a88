import type { UnusableSetting } from './contract.ts';
import { Failure } from './failure.ts';

/** A budget that cannot be read must not become none: then the model is not asked. */
const services = {
  gemini: ['GEMINI_API_KEY', 'GOOGLE_GEMINI_BASE_URL', 'CHAT_DAILY_BUDGET'],
  qdrant: ['QDRANT_URL', 'QDRANT_API_KEY', 'QDRANT_COLLECTION'],
  postgres: ['DATABASE_URL'],
} as const satisfies Record<string, readonly string[]>;
type Service = keyof typeof services;

/** Why a service cannot be opened with these settings; null when it can. */
export function closing(service: Service, unusable: readonly UnusableSetting[]): Failure | null {
  const names: readonly string[] = services[service];
  const found = unusable.find(({ name }) => names.includes(name));
  return found === undefined ? null : unusableSetting(found);
}

/** Those that keep no service away: the server runs with their defaults. */
export function harmless(unusable: readonly UnusableSetting[]): Failure[] {
  const names: readonly string[] = Object.values(services).flat();
  return unusable.filter(({ name }) => !names.includes(name)).map(unusableSetting);
}

/** What a variable that is missing or wrong means to the operator; its value is never told. */
export function unusableSetting({ name, isMissing }: UnusableSetting): Failure {
  return new Failure({
    code: 'setting-unusable',
    message: `${name} is ${isMissing ? 'missing' : 'not usable'}.`,
    remedy: isMissing
      ? `Set ${name} in the Space's settings, or run: npx rag-space-setup`
      : `Correct ${name} in the Space's settings: docs/chat-api.md names what it takes.`,
  });
}
