import type { Section } from '../collection/section.ts';
import type { BookPage } from './page-list.ts';

/** The deepest heading of Markdown. */
const maxLevel = 6;

/** A page as Markdown: its title, where it is published, and its sections under their headings. */
export function pageMarkdown({ title, sections }: BookPage, address: string): string {
  const parts = [`# ${title}`, `<${address}>`];
  let above: readonly string[] = [title];
  for (const section of sections) {
    const headings = [title, ...headingsBelowTitle(section)];
    const shared = headings.findIndex((heading, depth) => heading !== above[depth]);
    if (shared > 0)
      for (const [index, heading] of headings.slice(shared).entries())
        parts.push(`${'#'.repeat(Math.min(maxLevel, shared + index + 1))} ${heading}`);
    parts.push(section.content.trim());
    above = headings;
  }
  return `${parts.join('\n\n')}\n`;
}

/** A page's first heading is often its title again. */
function headingsBelowTitle({ title, headings }: Section): readonly string[] {
  return headings[0] === title ? headings.slice(1) : headings;
}
