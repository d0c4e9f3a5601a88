import type { ChatTurn } from './conversation.ts';
import { fill, make } from './elements.ts';
import { makeSourceLink, type LinkPolicy } from './links.ts';
import type { ChatTexts } from './texts.ts';

/** The sources of an answer: the cited ones open, what was only read folded away. */
export function drawSources(
  { sources, cited, outcome }: ChatTurn,
  { links, texts }: { links: LinkPolicy; texts: ChatTexts },
): HTMLElement[] {
  if (sources.length === 0) return [];
  const list = (start: number, end: number): HTMLOListElement => {
    const element = make('ol');
    element.start = start + 1;
    for (const source of sources.slice(start, end)) {
      const row = element.appendChild(make('li'));
      row.append(makeSourceLink(source, source.heading || source.title || source.file, links));
      if (source.title !== '' && source.title !== source.heading)
        row.append(make('span', source.title, 'page'));
      if (source.supported === false) row.append(make('span', texts.unsupported, 'page'));
    }
    return element;
  };
  const first = cited || sources.length;
  const title = outcome === 'refused' ? texts.nearest : cited > 0 ? texts.sources : texts.read;
  const elements: HTMLElement[] = [make('h2', title), list(0, first)];
  if (sources.length > first) {
    const more = make('details');
    more.append(make('summary', fill(texts.more, sources.length - first)), list(first, sources.length));
    elements.push(more);
  }
  return elements;
}
