import { pathOfUrl, type UrlSource } from '../../url-source.ts';
import { isChatPath, isNeutralPath, isNeverChat, isOtherServer } from './chat-path.ts';
import type { RequestedUrl } from '../find-requested-urls.ts';

/** Whether a chat request is sent to a source, by whole words of its name, its paths and its files, and by what is sent. */
export function isAboutChat({ kind, name }: UrlSource, uses: RequestedUrl['uses']): boolean {
  if (kind !== 'same-origin' && isOtherServer(name)) return false;
  const ownPath = kind === 'same-origin' ? '' : pathOfUrl(name);
  // A package may ask the chat at an address that it is given.
  if (uses.length === 0) return kind !== 'same-origin';
  return uses.some(({ path, location, asksQuestion }) => {
    const whole = ownPath + path;
    if (isNeverChat(whole)) return false;
    if (isChatPath(whole) || asksQuestion) return true;
    return isNeutralPath(whole) && !isNeverChat(location.file);
  });
}
