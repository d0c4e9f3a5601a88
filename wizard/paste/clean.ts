export type CleanedText = {
  value: string;
  /** What was taken away, in words for a person. */ cleaned: string[];
};

/** Invisible characters, by the word for them. Bracketed-paste markers may have lost their escape. */
const invisible: readonly { found: RegExp; by: string; word: string }[] = [
  { found: /\u001B?\[20[01]~/g, by: '', word: 'paste markers' },
  // A terminal's late replies (ECMA-48: OSC, DCS, APC, PM and SOS, to BEL or ST), which may have lost their escape.
  {
    found:
      /(?:\u001B[\]P_^X]|[\u0090\u0098\u009D-\u009F])[^\u0007\u001B\u009C]*(?:\u0007|\u001B\\|\u009C)|(?:\u001B\[|\u009B)M[ -\u00FF]{3}|\]1[012];rgb:[0-9a-f/]+(?:\u0007|\u001B?\\)?/gi,
    by: '',
    word: 'replies of the terminal',
  },
  { found: /(?:\u001B\[|\u009B)[0-9;:?>=<]*[ -/]*[@-~]/g, by: '', word: 'colour codes' },
  { found: /\uFEFF/g, by: '', word: 'byte order mark' },
  {
    found: /[\u0085\u00AD\u061C\u180E\u200B-\u200F\u202A-\u202E\u2060-\u2069]/g,
    by: '',
    word: 'invisible characters',
  },
  { found: /[\u00A0\u2007\u202F\u3000]/g, by: ' ', word: 'non-breaking blanks' },
  // As a page's source, or a mail, writes them.
  { found: /&quot;|&#0?39;|&apos;/g, by: "'", word: 'HTML entities' },
  { found: /&amp;/g, by: '&', word: 'HTML entities' },
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  { found: /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/g, by: '', word: 'control characters' },
];

const quotes: readonly (readonly [string, string])[] = [
  ['"', '"'],
  ["'", "'"],
  ['`', '`'],
  ['“', '”'],
  ['‘', '’'],
  ['«', '»'],
];

/** A paste without what cannot be seen; its lines stay. */
export function cleanText(raw: string): CleanedText {
  let value = raw;
  const cleaned: string[] = [];
  for (const { found: pattern, by, word } of invisible) {
    const next = value.replace(pattern, by);
    if (next !== value) cleaned.push(word);
    value = next;
  }
  return { value: value.replace(/\r\n?/g, '\n'), cleaned };
}

/** One value as it was meant: no invisible characters, line breaks, blanks around, quotes, `export`, or comma after. */
export function cleanValue(raw: string): CleanedText {
  const { value: text, cleaned } = cleanText(raw);
  const words = new Set(cleaned);
  let value = text.replace(/[ \t]*\n[ \t]*/g, '');
  if (value !== text) words.add('newline');
  for (let before = ''; before !== value;) {
    before = value;
    value = drop(value, value.trim(), 'blanks', words);
    value = drop(value, value.replace(/(?<=["'`”’»])\s*[,;]+$/, ''), 'comma', words);
    value = drop(value, value.replace(/^export\s+/, ''), 'export', words);
    value = drop(value, unquote(value), 'quotes', words);
  }
  return { value, cleaned: [...words] };
}

function drop(before: string, after: string, word: string, words: Set<string>): string {
  if (after !== before) words.add(word);
  return after;
}

function unquote(text: string): string {
  const pair = quotes.find(
    ([open, close]) => text.length > 1 && text.startsWith(open) && text.endsWith(close),
  );
  return pair === undefined ? text : text.slice(1, -1);
}
