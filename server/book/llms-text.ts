import type { BookPage } from './page-list.ts';
import { pageMarkdown } from './page-markdown.ts';

type BookText = {
  bookTitle: string;
  pages: Iterable<BookPage>;
  /** A page's published address. */
  addressOf: (path: string) => string;
};

/** Characters of a page's first sentences that describe it. */
const maxDescription = 160;

/** `/llms.txt` as llmstxt.org describes it: the book's title, and a link to each page with a short description. */
export function* llmsIndex({ bookTitle, pages, addressOf }: BookText): Generator<string> {
  yield `# ${oneLine(bookTitle)}\n\n> Every page of this book, in reading order.\n\n## Pages\n\n`;
  for (const { title, path, sections } of pages) {
    const description = describe(sections[0]?.content ?? '');
    const label = oneLine(title).replaceAll(/[[\]\\]/g, String.raw`\$&`);
    yield `- [${label}](${addressOf(path)})${description === '' ? '' : `: ${description}`}\n`;
  }
}

/** `/llms-full.txt`: the text of all pages. */
export function* llmsFull({ bookTitle, pages, addressOf }: BookText): Generator<string> {
  yield `# ${oneLine(bookTitle)}\n`;
  for (const page of pages) yield `\n${pageMarkdown(page, addressOf(page.path))}`;
}

/** The beginning of a text in one line, ended at a word; empty where the page begins with code, a table or a list. */
function describe(content: string): string {
  const [paragraph = ''] = content.trim().split(/\n\s*\n/, 1);
  if (/^(?:```|~~~|[|>*+-]|\d+[.)]\s|:::)/.test(paragraph)) return '';
  const line = oneLine(paragraph.slice(0, 4 * maxDescription));
  if (line.length <= maxDescription) return line;
  const cut = line.slice(0, maxDescription);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), 1))} …`;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
