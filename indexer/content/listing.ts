const marker =
  '(?:highlight|error|success|warning|danger|info|focus|diff|add(?:ed)?|insert(?:ed)?|remove(?:d)?|delete(?:d)?|hide|collapse|code-block)(?:-[a-z]+)?-(?:next-line|start|end)';
const [opening, closing] = [String.raw`(?://|#|--|%|;|/\*|<!--|\{\s*/\*)`, String.raw`(?:\*/\s*\}?|-->)?`];
/** Comments that mark lines for the highlighter, alone on a line, in any language (`// highlight-next-line`). */
const magicComment = new RegExp(`^[ \\t]*${opening}[ \\t]*${marker}[ \\t]*${closing}[ \\t]*(?:\\n|$)`, 'gm');

/** Line numbers in a fence's info string, `{1,3-5}`: Docusaurus then marks those and shows the comments as code. */
const lineNumbers = /\{[\d,\s-]+\}/;

/** Code as a page shows it: without the comments that only mark lines. */
export function displayedCode({ code, info }: { code: string; info: string }): string {
  if (!code.includes('-') || lineNumbers.test(info)) return code;
  return code.replaceAll(magicComment, '').replace(/\n$/, '');
}

/** Language and title of a fence's info string; the rest of it (`{1,3} showLineNumbers`) is not shown. */
export function listingName(info: string): string {
  const [language = ''] = /^[^\s{=]+(?=[\s{]|$)/.exec(info) ?? [];
  const title = /(?:^|\s)title=(["'])(.*?)\1/.exec(info)?.[2];
  return [language, title === undefined ? '' : `title="${title}"`].filter(Boolean).join(' ');
}
