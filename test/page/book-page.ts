/** A page of the sample book as a plain site shows it: its headings with their anchors, and its text. */
import GithubSlugger from 'github-slugger';

export type BookPageOptions = {
  /** The page as the server gives it to programs. */
  markdown: string;
  /** What the page's head and the end of its body have more. */
  head?: string;
  end?: string;
  language?: string;
};

export function bookPage({ markdown, head = '', end = '', language = 'en' }: BookPageOptions): string {
  const title = /^# (.*)$/m.exec(markdown)?.[1] ?? '';
  return `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><title>${escapeText(title)}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">${head}</head>
<body><main>${bodyOf(markdown)}</main>${end}</body></html>`;
}

function bodyOf(markdown: string): string {
  const slugger = new GithubSlugger();
  return markdown
    .split(/\n{2,}/)
    .map((block) => {
      const [, marks, heading] = /^(#+) (.*)$/.exec(block) ?? [];
      if (marks !== undefined && heading !== undefined)
        return `<h${marks.length} id="${slugger.slug(heading)}">${inline(heading)}</h${marks.length}>`;
      if (block.startsWith('```')) return `<pre>${escapeText(block)}</pre>`;
      if (block.startsWith('- '))
        return `<ul>${block
          .split('\n')
          .map((line) => `<li>${inline(line.slice(2))}</li>`)
          .join('')}</ul>`;
      return `<p>${inline(block)}</p>`;
    })
    .join('\n');
}

/** Code becomes an element, as in a real page: a sentence is spread over several nodes. */
function inline(text: string): string {
  return escapeText(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>');
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
