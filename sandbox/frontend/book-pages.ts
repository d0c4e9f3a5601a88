import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import GithubSlugger from 'github-slugger';
import type { ProjectFiles } from './site-source.ts';

/**
 * The pages of a Docusaurus book at the paths and with the anchors that Docusaurus gives them, as far as a sample book
 * needs: ordinals of file names are left out, and front matter may have an `id` or a `slug`.
 */
export function bookPages(folder: string): ProjectFiles {
  const pages = new Map<string, string>();
  const docs = join(folder, 'docs');
  for (const path of readdirSync(docs, { recursive: true, encoding: 'utf8' })) {
    const name = relative('', path).split(sep).join('/');
    if (/(?:^|\/)_category_\.json$/.test(name))
      addGeneratedIndex(pages, readFileSync(join(docs, path), 'utf8'));
    if (!/\.mdx?$/.test(name) || /(?:^|\/)_/.test(name)) continue;
    const text = withPartials(readFileSync(join(docs, path), 'utf8'), join(docs, path));
    pages.set(`docs${permalink(name, text)}.html`.replace(/\/\.html$/, '/index.html'), pageHtml(text));
  }
  return pages;
}

/** The page that Docusaurus makes for a category with a link of the type `generated-index`: its label and description. */
function addGeneratedIndex(pages: Map<string, string>, text: string): void {
  const category = JSON.parse(text) as { label: string; link?: { type: string; description?: string } };
  if (category.link?.type !== 'generated-index') return;
  const slug = new GithubSlugger().slug(category.label);
  pages.set(
    `docs/category/${slug}.html`,
    pageHtml(`# ${category.label}\n\n${category.link.description ?? ''}\n`),
  );
}

/** `/hardware/wiring`; a folder's own page ends in a slash. */
function permalink(path: string, text: string): string {
  const front = /^---\n([\s\S]*?)\n---/.exec(text)?.[1] ?? '';
  const slug = /^slug:\s*(\S+)/m.exec(front)?.[1];
  if (slug?.startsWith('/') === true) return slug;
  const parts = path.replace(/\.mdx?$/, '').split('/');
  const names = parts.map((part) => part.replace(/^\d+[-_.\s]+/, ''));
  const id = /^id:\s*(\S+)/m.exec(front)?.[1];
  const last = slug ?? id ?? names.at(-1) ?? '';
  const isFolder = /^(?:index|readme)$/i.test(last) || last === names.at(-2);
  return `/${[...names.slice(0, -1), ...(isFolder ? [''] : [last])].join('/')}`;
}

/** With the text of the partials that it imports (`import Safety from './_safety.mdx'`) in their place. */
function withPartials(text: string, path: string): string {
  return [...text.matchAll(/^import (\w+) from '\.\/(_[\w-]+\.mdx?)';$/gm)].reduce(
    (whole, [, name = '', file = '']) =>
      whole.replace(`<${name} />`, readFileSync(join(path, '..', file), 'utf8')),
    text,
  );
}

function pageHtml(text: string): string {
  const slugger = new GithubSlugger();
  let isCode = false;
  const lines = text
    .replace(/^---\n[\s\S]*?\n---\n/, '')
    .split('\n')
    .map((line) => {
      if (/^\s*(?:```|~~~)/.test(line)) isCode = !isCode;
      const [, marks, title = '', id] = /^(#{1,6})\s+(.*?)(?:\s*\{#([\w-]+)\})?\s*$/.exec(line) ?? [];
      if (isCode || marks === undefined) return line.trim() === '' ? '' : `<p>${escapeHtml(line)}</p>`;
      const anchor = id ?? slugger.slug(title.replaceAll(/[`*]/g, ''));
      return `<h${marks.length} id="${anchor}">${escapeHtml(title)}</h${marks.length}>`;
    });
  return `<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<article>\n${lines.join('\n')}\n</article>\n</html>\n`;
}

const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
