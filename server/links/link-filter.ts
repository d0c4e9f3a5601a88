/**
 * Removes from a stream of Markdown every URL that the book does not contain: images become their caption, links keep
 * only their label. So a page that injects instructions into the model cannot make it leak data through a URL.
 */
export interface LinkFilter {
  /** Returns the text that can be sent now. */
  push(text: string): string;
  /** Returns the text still buffered at the end of the answer. */
  end(): string;
}

const urlCharacter = String.raw`[^\s<>"'\x60)\]]`;
/** A name with a dot (or a full-width dot, which browsers accept), or a number, which is an IPv4 address. */
const urlHost = String.raw`(?:[\p{L}\p{N}_-]+[.。．｡]+[\p{L}\p{N}_-]|\d{7}|0x[\da-f]|\[)`;
/** What precedes a URL in markup that loads or links it. */
const urlContext = String.raw`(?:["'(=<]|\]:)[\s\p{Cc}]*`;
/** Browsers ignore these inside a URL. */
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
    // Browsers accept a missing slash or a backslash, and Markdown removes a backslash.
    String.raw`\bhttps?\\?:[\\/]*(?=[\p{L}\p{N}\[])${urlCharacter}+`,
    String.raw`(?<=${urlContext})(?:${schemes})${ignoredWhitespace}\\?:${ignoredWhitespace}${urlCharacter}+`,
    String.raw`(?<=${urlContext})${slashes}${urlCharacter}+`,
    String.raw`(?<![\w:.\\/])${slashes}(?=${urlHost})${urlCharacter}+`,
    String.raw`(?<![\w:.\\/@-])www\.[\p{L}\p{N}-]+\.${urlCharacter}+`,
  ].join('|'),
  'giu',
);
/** Not `handlers[name](event)`, which is code. */
const looksLikeUrl = /^[a-z][a-z\d+.-]*\\?:|[\\/]|^www\./i;
/** Addresses of the user's own machine, as in examples, are harmless. */
const loopbackUrl = /^https?:\/\/(?:localhost|127\.0\.0\.1)(?![\w.@-]|:\w*@|:\d+[^\d/])/i;

const openUrlContext = String.raw`(?:["'(=<]|\]:)[\s\p{Cc}]{0,99}<?`;
/** The beginning of what may become one of the above; anything longer is sent as it is. */
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

const namedReferences = new Map(
  Object.entries({
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
  }),
);

/** Decodes character references as Markdown and HTML do: `&#47;` is a slash; HTML accepts it without the semicolon. */
function decodeReferences(text: string): string {
  return text.replaceAll(/&(?:#x0*([\da-f]{1,6});?|#0*(\d{1,7});?|(\w+);)/gi, (whole, hex, decimal, name) => {
    if (typeof name === 'string') return namedReferences.get(name.toLowerCase()) ?? whole;
    const code = typeof hex === 'string' ? Number.parseInt(hex, 16) : Number(decimal);
    return code > 0 && code <= 0x10_ff_ff ? String.fromCodePoint(code) : whole;
  });
}

/** Filters one answer; URLs for which `isAllowed` is true are kept. */
export function createLinkFilter({ isAllowed }: { isAllowed: (url: string) => boolean }): LinkFilter {
  let buffer = '';
  /** The last character that was sent: `//` after a colon differs from `//` after a space. */
  let before = '';

  function strip(text: string): string {
    return text
      .replaceAll(imageMarkup, '$1')
      .replaceAll(linkMarkup, (whole, label: string, url: string) =>
        !looksLikeUrl.test(url) || isAllowed(url) ? whole : label,
      )
      .replaceAll(bareUrl, (match) => {
        const url = match.replace(/[.,;:!?]+$/, '');
        return loopbackUrl.test(url) || isAllowed(url) ? match : `(link removed)${match.slice(url.length)}`;
      });
  }

  /** Decodes character references only where they hide a URL; others stay as written. */
  function clean(ready: string): string {
    const text = before + ready;
    const plain = decodeReferences(text);
    const stripped = strip(plain);
    const overlap = before.length;
    before = ready.slice(-1) || before;
    return (stripped === plain ? text : stripped).slice(overlap);
  }

  return {
    push(text) {
      buffer += text;
      const start = incompleteUrl.exec(buffer)?.index ?? buffer.length;
      const ready = buffer.slice(0, start);
      buffer = buffer.slice(start);
      return clean(ready);
    },
    end() {
      const rest = buffer;
      buffer = '';
      return clean(rest);
    },
  };
}

/**
 * Allows the URLs in the `texts` that the model was given, the addresses of its `pages`, with or without the anchor, and
 * anchors.
 */
export function allowLinksFrom({
  texts,
  pages,
}: {
  texts: readonly string[];
  pages: readonly string[];
}): (url: string) => boolean {
  const isPage = (url: string): boolean =>
    pages.some((page) => page === url || page.replace(/#.*$/, '') === url);
  return (url) =>
    url !== '' && (url.startsWith('#') || isPage(url) || texts.some((text) => text.includes(url)));
}
