/**
 * Keeps an answer from leading readers, or their browsers, anywhere but where the book leads: images become
 * their caption, links and addresses that the given text does not have lose their address. A page that talked
 * the model into sending something away would find no way out. Works on a stream.
 */
export interface LinkFilter {
  push(text: string): string;
  end(): string;
}

const image = /!\[([^\]\n]*)\]\([^)\n]*\)/g;
const link = /\[([^\]\n]*)\]\(\s*<?([^)\s>]*)>?[^)\n]*\)/g;
/** Also without a scheme where markup would load it: `src="//host"`. */
const address = /(?:\bhttps?:|(?<=["'(=]))\/\/[^\s<>"'`)\]]+/gi;
/** `handlers[name](event)` is code and no link. */
const leadsSomewhere = /^[a-z][a-z\d+.-]*:|\/|^www\./i;

/** What may still grow into one of the above; anything longer is let go. */
const unfinished =
  /(?:!?\[(?!source \d+\]$)[^\]\n]{0,200}(?:\](?:\([^)\n]{0,500})?)?|\bh(?:t(?:t(?:p(?:s?(?::(?:\/(?:\/[^\s<>"'`)\]]{0,500})?)?)?)?)?)?)?|["'(=](?:\/(?:\/[^\s<>"'`)\]]{0,500})?)?|!)$/i;

export function createLinkFilter({ isKnown }: { isKnown: (url: string) => boolean }): LinkFilter {
  let held = '';

  function clean(text: string): string {
    return text
      .replaceAll(image, '$1')
      .replaceAll(link, (whole, label: string, url: string) =>
        !leadsSomewhere.test(url) || isKnown(url) ? whole : label,
      )
      .replaceAll(address, (found) => {
        const url = found.replace(/[.,;:!?]+$/, '');
        return isKnown(url) ? found : `(link removed)${found.slice(url.length)}`;
      });
  }

  return {
    push(text) {
      held += text;
      const start = unfinished.exec(held)?.index ?? held.length;
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
export function linksIn(texts: readonly string[], urls: readonly string[]): (url: string) => boolean {
  const isPage = (url: string): boolean =>
    urls.some((known) => known === url || known.replace(/#.*$/, '') === url);
  return (url) =>
    url !== '' && (url.startsWith('#') || isPage(url) || texts.some((text) => text.includes(url)));
}
