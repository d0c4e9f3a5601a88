import type { RouteCall } from '../exchange/serve-routes.ts';
import { validationError } from './errors.ts';

/** Characters that would be unsafe in a file's name (qdrant 1.19.0, lib/common/common/src/validation.rs). */
const unsafe = ['<', '>', ':', '"', '/', '\\', '|', '?', '*', '\0', '\u001f'];
const longest = 255;

/** The name in the path; throws 422 for one that cannot exist. A new collection's name is held to more. */
export function collectionName({ params }: RouteCall, { isNew = false } = {}): string {
  const name = params['collection'] ?? '';
  const where = 'path parameters';
  if ([...name].length > longest) {
    throw validationError(
      `collection_name: value ${JSON.stringify(name)} invalid, must be from 1 to ${longest} characters`,
      where,
    );
  }
  const forbiddenCharacter = (isNew ? unsafe : ['/', '\0']).find((character) => name.includes(character));
  if (forbiddenCharacter !== undefined)
    throw validationError(
      `collection_name: collection name cannot contain "${forbiddenCharacter}" char`,
      where,
    );
  return name;
}
