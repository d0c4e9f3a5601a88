import type { ClientAddress } from '../limits/client-address.ts';
import { isUuid } from './uuid.ts';

/** Who gives a session its name. */
export type SessionOwner = { origin: string | undefined; client: Pick<ClientAddress, 'network'> };

const minRandomCharacters = 16;
const minLength = 12;

/**
 * What a client's name for its session is unique for, as a text; null for a name that another reader may have as well.
 * A random name is unique for its page, wherever its reader is; another long one for its page and network; a short one
 * such as `user-1` for nothing.
 */
export function sessionScope(name: string, { origin = '', client }: SessionOwner): string | null {
  if (isRandomName(name)) return JSON.stringify(['page', name, origin]);
  if (name.length < minLength) return null;
  return JSON.stringify(['network', name, origin, client.network]);
}

/** Of several names, the one that is hardest to guess; the first of equals. */
export function strongestName(names: readonly string[]): string | undefined {
  const strength = (name: string): number => (isRandomName(name) ? 2 : name.length < minLength ? 0 : 1);
  return names.toSorted((a, b) => strength(b) - strength(a))[0];
}

/**
 * Whether the name has at least as much random text as half a UUID. Dates, counters and words are not random: in random
 * text letters and digits alternate, and capitals are not only at the beginning of words.
 */
export function isRandomName(name: string): boolean {
  const parts = name.split(/[^\p{L}\p{N}]+/u);
  // A group of a UUID may happen to have digits only.
  const text = isUuid(name) ? parts.join('') : parts.filter((part) => mixture(part) >= 0.25).join('');
  const minMixture = isUuid(name) ? 0.125 : 0.25;
  return text.length >= minRandomCharacters && new Set(text).size >= 8 && mixture(text) >= minMixture;
}

/** Changes between letters and digits, and capitals inside words, per character; 0 below three of them. */
function mixture(text: string): number {
  const changes = text.match(/\p{L}(?=\p{N})|\p{N}(?=\p{L})/gu)?.length ?? 0;
  const capitals = /\p{Ll}/u.test(text) ? (text.match(/\p{Lu}(?=\p{Lu}|\p{N})/gu)?.length ?? 0) : 0;
  return changes + capitals < 3 ? 0 : (changes + capitals) / text.length;
}
