/** What renderers of Markdown and HTML would link or load: the measure of every link test. */
import { Parser } from 'htmlparser2';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';

type Node = { type: string; url?: string; value?: string; children?: Node[] };

export type Rendered = { addresses: string[]; tags: string[] };

/** The addresses and HTML tags of a text rendered as GitHub's Markdown. */
export function renderMarkdown(markdown: string): Rendered {
  const addresses: string[] = [];
  const tags: string[] = [];
  const walk = (node: Node): void => {
    if (node.url !== undefined) addresses.push(node.url);
    if (node.type === 'html') tags.push(node.value ?? '');
    for (const child of node.children ?? []) walk(child);
  };
  walk(fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }) as Node);
  return { addresses, tags };
}

/** Attributes of the tags of a text that a program puts into a page as it is. */
export function renderHtml(text: string): Rendered {
  const addresses: string[] = [];
  const tags: string[] = [];
  const parser = new Parser({
    onopentag(name, attributes) {
      tags.push(name);
      for (const value of Object.values(attributes)) addresses.push(value);
    },
  });
  parser.write(text);
  parser.end();
  return { addresses, tags };
}

/** The hosts that an address leads to from a page of the book, under either scheme of the page. */
export function hostsOf(address: string): string[] {
  return ['https:', 'http:'].map((scheme) => {
    if (!URL.canParse(address, `${scheme}//book.example/docs/page`)) return 'book.example';
    const { protocol, host } = new URL(address, `${scheme}//book.example/docs/page`);
    return protocol.startsWith('http') ? host : protocol;
  });
}
