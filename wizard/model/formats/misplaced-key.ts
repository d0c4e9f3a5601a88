import { someSecretMatches } from '../secret.ts';
import { describeFormat } from './credential-formats.ts';

/** What a value is called that is a key where a name belongs; null for a name. */
export function misplacedKey(value: string): string | null {
  const bare = value.trim();
  return describeFormat(bare) ?? (someSecretMatches((secret) => secret === bare) ? 'one of your keys' : null);
}
