/**
 * Keeps an answer from leading readers, or their browsers, anywhere but where the book leads: images become
 * their caption, links and addresses that the given text does not have lose their address. A page that talked
 * the model into sending something away would find no way out. Works on a stream.
 */
export interface LinkFilter {
  push(text: string): string;
  end(): string;
}

const urlCharacter = String.raw`[^\s<>"'\x60)\]]`;
/** Names with a dot, also the wide ones that browsers take for it, or a number, which is an IPv4 address. */
const urlHost = String.raw`(?:[\p{L}\p{N}_-]+[.。．｡]+[\p{L}\p{N}_-]|\d{7}|0x[\da-f]|\[)`;
/** Where markup loads or links what follows. */
const urlContext = String.raw`(?:["'(=<]|\]:)[\s\p{Cc}]*`;
/** Browsers pass over these inside an address. */
const ignoredWhitespace = String.raw`[\t\n\r]*`;
const slashes = String.raw`[\\/]${ignoredWhitespace}[\\/]+`;
const schemes = ['https', 'http', 'ftps', 'ftp', 'wss', 'ws', 'file', 'javascript', 'vbscript', 'data']
  .map((scheme) => [...scheme].join(ignoredWhitespace))
  .join('|');

/** `![a](b)`, `![a][b]` and, with a definition elsewhere, `![a]`. */
const imageMarkup = /!\[([^\]\n]*)\](?:\([^)]*\)|\[[^\]\n]*\])?/g;
const linkMarkup = /\[([^\]\n]*)\]\(\s*<?([^)\s>]*)>?[^)]*\)/g;
const bareUrl = new RegExp(
  [
    // Browsers forgive a missing or a turned slash, and Markdown takes a backslash away.
    String.raw`\bhttps?\\?:[\\/]*(?=[\p{L}\p{N}\[])${urlCharacter}+`,
    String.raw`(?<=${urlContext})(?:${schemes})${ignoredWhitespace}\\?:${ignoredWhitespace}${urlCharacter}+`,
    String.raw`(?<=${urlContext})${slashes}${urlCharacter}+`,
    String.raw`(?<![\w:.\\/])${slashes}(?=${urlHost})${urlCharacter}+`,
    String.raw`(?<![\w:.\\/@-])www\.[\p{L}\p{N}-]+\.${urlCharacter}+`,
  ].join('|'),
  'giu',
);
/** `handlers[name](event)` is code and no link. */
const looksLikeUrl = /^[a-z][a-z\d+.-]*\\?:|[\\/]|^www\./i;
/** What an example runs leads nobody away. */
const loopbackUrl = /^https?:\/\/(?:localhost|127\.0\.0\.1)(?![\w.@-]|:\w*@|:\d+[^\d/])/i;

const openUrlContext = String.raw`(?:["'(=<]|\]:)[\s\p{Cc}]{0,99}<?`;
/** What may still grow into one of the above; anything longer is let go. */
const incompleteUrl = new RegExp(
  `(?:${[
    String.raw`!?\[(?!source \d+\]$)[^\]\n]{0,200}(?:\](?:\([^)]{0,500}|\[[^\]\n]{0,200}\]?|:\s{0,99})?)?`,
    String.raw`\bh(?:t(?:t(?:p(?:s?\\?(?::[\\/]*${urlCharacter}{0,500})?)?)?)?)?`,
    String.raw`\bw(?:w(?:w(?:\.${urlCharacter}{0,500})?)?)?`,
    String.raw`(?:${urlContext})?[\\/](?:[\t\n\r]*[\\/]+${urlCharacter}{0,500})?`,
    String.raw`${openUrlContext}(?:[a-z][a-z\d+.\t\n\r-]{0,63}(?:\\?:${ignoredWhitespace}${urlCharacter}{0,500})?)?`,
    String.raw`(?:${openUrlContext})?[^\s&]{0,500}&\S{0,500}`,
    '!',
  ].join('|')})$`,
  'iu',
);

const namedReferences: Partial<Record<string, string>> = {
  amp: '&',
  bsol: '\\',
  colon: ':',
  equals: '=',
  excl: '!',
  gt: '>',
  lpar: '(',
  lsqb: '[',
  lt: '<',
  newline: '\n',
  period: '.',
  quot: '"',
  rpar: ')',
  rsqb: ']',
  sol: '/',
  tab: '\t',
};

/** As Markdown and HTML read it: `&#47;` is a slash, and HTML does without the semicolon. */
function decodeReferences(text: string): string {
  return text.replaceAll(/&(?:#x0*([\da-f]{1,6});?|#0*(\d{1,7});?|(\w+);)/gi, (whole, hex, decimal, name) => {
    if (typeof name === 'string') return namedReferences[name.toLowerCase()] ?? whole;
    const code = typeof hex === 'string' ? Number.parseInt(hex, 16) : Number(decimal);
    return code > 0 && code <= 0x10_ff_ff ? String.fromCodePoint(code) : whole;
  });
}

export function createLinkFilter({ isKnown }: { isKnown: (url: string) => boolean }): LinkFilter {
  let held = '';
  /** The last character that went out: `//` after a colon is another thing than after a blank. */
  let before = '';

  function strip(text: string): string {
    return text
      .replaceAll(imageMarkup, '$1')
      .replaceAll(linkMarkup, (whole, label: string, url: string) =>
        !looksLikeUrl.test(url) || isKnown(url) ? whole : label,
      )
      .replaceAll(bareUrl, (found) => {
        const url = found.replace(/[.,;:!?]+$/, '');
        return loopbackUrl.test(url) || isKnown(url) ? found : `(link removed)${found.slice(url.length)}`;
      });
  }

  /** What is written in character references stays so, unless it hides something. */
  function clean(ready: string): string {
    const text = before + ready;
    const plain = decodeReferences(text);
    const stripped = strip(plain);
    const known = before.length;
    before = ready.slice(-1) || before;
    return (stripped === plain ? text : stripped).slice(known);
  }

  return {
    push(text) {
      held += text;
      const start = incompleteUrl.exec(held)?.index ?? held.length;
      const ready = held.slice(0, start);
      held = held.slice(start);
      return clean(ready);
    },
    end() {
      const rest = held;
      held = '';
      return clean(rest);
    },
  };
}

/** Knows the addresses that stand in what the model was given to read. */
export function allowLinksFrom(texts: readonly string[], urls: readonly string[]): (url: string) => boolean {
  const isPage = (url: string): boolean =>
    urls.some((known) => known === url || known.replace(/#.*$/, '') === url);
  return (url) =>
    url !== '' && (url.startsWith('#') || isPage(url) || texts.some((text) => text.includes(url)));
}
