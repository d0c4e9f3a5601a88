import { someSecret } from './secret.ts';
import { calledByShape } from './shapes.ts';

/** What a value is called that is a key and stands where a name belongs; null for a name. */
export function strayKey(value: string): string | null {
  const bare = value.trim();
  return calledByShape(bare) ?? (someSecret((secret) => secret === bare) ? 'one of your keys' : null);
}
