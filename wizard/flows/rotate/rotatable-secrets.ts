import { secretNames, type SecretName } from '../../../server/contract.ts';
import { answerByName } from '../../paste/aliases.ts';
import { Failure } from '../../model/failure.ts';
import type { Service } from '../../model/service.ts';

/** What can be rotated: its service, and the page on which its owner revokes the old one. */
export const rotatableSecrets: Record<
  SecretName,
  { service: Extract<Service, 'gemini' | 'qdrant' | 'postgres'>; label: string; revokeAt: string }
> = {
  GEMINI_API_KEY: {
    service: 'gemini',
    label: 'the Gemini key',
    revokeAt: 'https://aistudio.google.com/apikey',
  },
  QDRANT_API_KEY: { service: 'qdrant', label: 'the Qdrant key', revokeAt: 'https://cloud.qdrant.io' },
  QDRANT_URL: {
    service: 'qdrant',
    label: 'the Qdrant cluster (URL and key)',
    revokeAt: 'https://cloud.qdrant.io',
  },
  DATABASE_URL: {
    service: 'postgres',
    label: 'the Postgres connection string',
    revokeAt: 'https://console.neon.tech',
  },
};

const services: Record<string, SecretName> = {
  GEMINI: 'GEMINI_API_KEY',
  QDRANT: 'QDRANT_API_KEY',
  POSTGRES: 'DATABASE_URL',
  NEON: 'DATABASE_URL',
};

/** The secrets that these words name. Throws Failure `not-rotatable`. */
export function secretsNamed(words: readonly string[]): SecretName[] {
  return [...new Set(words.map(secretNamed))];
}

/** Failure `rotate-what`: none was named, and no one can be asked. */
export function rotateWhat(): Failure {
  return usage('rotate-what', 'Nothing was named that is to be rotated.');
}

/** The services whose secrets are named; all of them where nothing is, or no such name. */
export function servicesToRotate(operands: readonly string[]): Service[] {
  const names = operands.flatMap((word) => rotatableName(word) ?? []);
  return [
    ...new Set((names.length === 0 ? secretNames : names).map((name) => rotatableSecrets[name].service)),
  ];
}

/** By its own name, an alias of it, or its service's. */
function rotatableName(word: string): SecretName | undefined {
  const answer = services[word.toUpperCase()] ?? answerByName(word)?.answer;
  return secretNames.find((name) => name === answer);
}

function secretNamed(word: string): SecretName {
  const name = rotatableName(word);
  if (name !== undefined) return name;
  // What is no such name may be the value itself: it is not repeated.
  throw usage('not-rotatable', 'That is no secret of the server.');
}

function usage(code: string, message: string): Failure {
  const remedy = `Name one or more: npx rag-space-setup rotate ${secretNames.join(' | ')}. Values are never written on the command line.`;
  return new Failure({ kind: 'usage', code, message, remedy });
}
