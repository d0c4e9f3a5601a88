/** Link texts that say nothing about where the link leads. */
const pointer =
  /^(?:click |see |read )?(?:here|this|that|link|this (?:link|page|one|site|document|guide|article)|the link|more|details|source|docs)\.?$/i;

/**
 * The text of a link, with its address where the text is only "here". An address of a scheme that no browser opens, which
 * a plugin of the site replaces, is no text.
 */
export function linkText(text: string, url: string): string {
  const scheme = /^([a-z][\w+.-]*):/i.exec(url)?.[1]?.toLowerCase();
  const isOpenable = scheme === undefined || /^(?:https?|mailto|tel|ftp)$/.test(scheme);
  if (!isOpenable) return text === url ? '' : text;
  return pointer.test(text.trim()) && url !== '' && !url.startsWith('#') ? `${text} (${url})` : text;
}
