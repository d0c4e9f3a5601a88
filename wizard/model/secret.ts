/** Every value that was ever made a Secret, and a connection string's password: what no output may hold. */
const known = new Set<string>();

/** Shorter values would blank out ordinary words. */
const shortest = 6;

/** A value that can be used but not shown: it prints as `[secret]` in strings, JSON and inspect. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
    for (const part of [value, ...passwordsIn(value)]) if (part.length >= shortest) known.add(part);
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

/** The text with every known secret, in any form it may have taken on its way, replaced. The last line of defence. */
export function hideSecrets(text: string): string {
  let clean = text;
  for (const value of [...known].sort((a, b) => b.length - a.length)) {
    for (const form of formsOf(value)) clean = clean.replaceAll(form, '[secret]');
  }
  return clean;
}

/** Fields with a fixed set of words, one of which a short password may happen to be. */
const fixed = new Set([
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
  return clean(data, '') as T;
}

function clean(data: unknown, key: string): unknown {
  if (typeof data === 'string') return fixed.has(key) ? data : hideSecrets(data);
  if (Array.isArray(data)) return data.map((one) => clean(one, key));
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, clean(value, name)]));
}

/** Raw, URL-encoded, JSON-escaped, base64. */
function formsOf(value: string): Set<string> {
  const base64 = btoa(String.fromCharCode(...new TextEncoder().encode(value))).replaceAll('=', '');
  return new Set([value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1), base64]);
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
