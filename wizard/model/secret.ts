import { formsOf, hideForms, type SecretForms } from './secret-forms.ts';

/** Every value that was ever made a Secret, and a connection string's password: what no output may hold. */
const registered = new Map<string, SecretForms>();

/** Shorter values would blank out ordinary words. */
const minLength = 6;

/** A value that can be used but not shown: it prints as `[secret]` in strings, JSON and inspect. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
    registerSecret(value);
  }

  /** The value itself. For those who send it, and for showing its owner an address that holds no password. */
  reveal(): string {
    return this.#value;
  }

  /** The last four characters, for a person to recognise a key by; empty for values too short to spare them. */
  get lastFour(): string {
    return this.#value.length >= 16 ? this.#value.slice(-4) : '';
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[secret]';
  }
}

/** From now on no output holds this value, nor the password in it. */
export function registerSecret(value: string): void {
  for (const part of [value, ...passwordsIn(value)]) {
    if (part.length >= minLength && !registered.has(part)) registered.set(part, formsOf(part));
  }
}

/** Shapes of the vendors' keys, for text that quotes one we never sent. */
const keyPatterns: readonly RegExp[] = [
  // Before the shorter form: `hf_oauth_` and `hf_jwt_` are followed by a JWT.
  /\bhf_(?:oauth|jwt)_[\w-]+(?:\.[\w-]+)*/g,
  /\bhf_[A-Za-z0-9]{8,}/g,
  /\bAIza[A-Za-z0-9_-]{20,}/g,
  /\bnapi_[a-z0-9]{16,}/g,
  // A management key of Qdrant Cloud.
  /\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\|[\w-]{16,}/g,
  /\bAQ\.[A-Za-z0-9_.-]{16,}/g,
  /\bvc[a-z]_[A-Za-z0-9]{12,}/g,
  /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*)?/g,
  /\bBearer\s+[^\s"',}]+/gi,
  /(?<=:\/\/[^\s/:@]*:)[^\s@]+(?=@)/g,
];

/**
 * The text with every known secret and these values, in any form that they may have taken on their way, and all that
 * looks like a key, replaced by `[secret]`.
 * The last line of defence.
 */
export function hideSecrets(text: string, values: readonly string[] = []): string {
  const unknown = values.filter((value) => value.length >= minLength && !registered.has(value));
  let clean = hideForms(text, [...registered.values(), ...unknown.map(formsOf)]);
  for (const shape of keyPatterns) clean = clean.replace(shape, '[secret]');
  return clean;
}

/** Whether one of the known secrets passes the test. */
export function someSecretMatches(test: (value: string) => boolean): boolean {
  return [...registered.keys()].some(test);
}

/** Fields with a fixed set of words, one of which a short password may happen to be. */
const fixedVocabulary = new Set([
  'type',
  'step',
  'service',
  'code',
  'kind',
  'verdict',
  'outcome',
  'command',
  'environment',
  'health',
]);

/** A copy of an event, or any plain data, in which no text holds a known secret. */
export function withoutSecrets<T>(data: T): T {
  return redactData(data, '') as T;
}

function redactData(data: unknown, key: string): unknown {
  if (typeof data === 'string') return fixedVocabulary.has(key) ? data : hideSecrets(data);
  if (Array.isArray(data)) return data.map((item) => redactData(item, key));
  // It prints as `[secret]` by itself.
  if (typeof data !== 'object' || data === null || data instanceof Secret) return data;
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, redactData(value, name)]));
}

function passwordsIn(value: string): string[] {
  if (!URL.canParse(value)) return [];
  const { password } = new URL(value);
  try {
    return password === '' ? [] : [password, decodeURIComponent(password)];
  } catch {
    return [password];
  }
}
