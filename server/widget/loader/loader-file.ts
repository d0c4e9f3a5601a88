import type { ChatTexts } from '../chat/texts.ts';
import script from './loader-main.script';

/** The loader as a file of a site, with its few texts in one language. */
export function loaderFile({ label, selection, waking, offline, blocked }: ChatTexts): string {
  const texts = JSON.stringify([label, selection, waking, offline, blocked]);
  return script.replace(/(['"`])%TEXTS%\1/, () => JSON.stringify(texts));
}
