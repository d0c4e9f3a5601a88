import { createHash } from 'node:crypto';
import type { Steps } from '../collection/run-in-slices.ts';
import type { Section } from '../collection/section.ts';
import { pagePath } from '../links/allow-links.ts';

/** A page of the book with its sections in reading order. */
export type BookPage = {
  title: string;
  /** In the form of `pagePath`: `/docs/intro`. */
  path: string;
  sections: readonly Section[];
};

export type PageList = {
  /** In reading order, by path. */
  pages: ReadonlyMap<string, BookPage>;
  /** Changes with any text of the book; 16 characters. */
  digest: string;
};

/** Groups sections, in any order, by page. In steps of one section or page. */
export function* listPages(sections: Iterable<Section>): Steps<PageList> {
  const byPath = new Map<string, Section[]>();
  for (const section of sections) {
    const path = pagePath(section.url);
    const page = byPath.get(path);
    if (page === undefined) byPath.set(path, [section]);
    else page.push(section);
    yield;
  }
  const digest = createHash('sha256');
  const pages: BookPage[] = [];
  for (const [path, unordered] of byPath) {
    const ordered = unordered.toSorted((a, b) => a.position - b.position);
    const [first] = ordered;
    if (first !== undefined) pages.push({ title: first.title, path, sections: ordered });
    yield;
  }
  pages.sort((a, b) => startOf(a) - startOf(b));
  for (const { path, sections: ordered } of pages) {
    digest.update(`${path}\n`);
    for (const { id, hash, content } of ordered) digest.update(`${id} ${hash} ${content.length}\n`);
    yield;
  }
  return {
    pages: new Map(pages.map((page) => [page.path, page])),
    digest: digest.digest('base64url').slice(0, 16),
  };
}

function startOf({ sections: [first] }: BookPage): number {
  return first?.position ?? 0;
}
