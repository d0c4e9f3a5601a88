type Text = { url: string; text: string };

/**
 * Scripts without the `customFields` that nothing reads: Docusaurus puts its whole configuration into the pages, so an
 * address that stands there alone is data that no request uses.
 */
export function withoutUnreadFields(texts: readonly Text[]): Text[] {
  const code = texts.map(({ text }) => text.replaceAll(fields, '')).join('\n');
  const isRead = (name: string): boolean => new RegExp(`(?<![\\w$])${name}(?![\\w$])`).test(code);
  return texts.map(({ url, text }) => ({
    url,
    text: text.replaceAll(fields, (block) =>
      block.replaceAll(entry, (whole, _, name: string) => (isRead(name) ? whole : '""')),
    ),
  }));
}

/** An object of plain values, as a bundler leaves it. */
const fields = /\\?["']?customFields\\?["']?\s*:\s*\{[^{}]*\}/g;
const entry = /(\\?["']?)([A-Za-z_]\w*)\1\s*:\s*(["'`])https?:\/\/[^"'`]*\3/g;
