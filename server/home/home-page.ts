import script from './page-main.script';
import { widgetFile } from '../widget/widget-files.ts';
import { pageStyle } from './page-style.ts';

/** What is rendered into the page; it fetches everything else. */
export type HomePageOptions = {
  bookTitle: string;
  version: string;
  frontendUrl: string | null;
};

/** The content of `<script>` and `<style>`, for a content security policy that allows only these two texts. */
export const pageParts = { script, style: pageStyle };

/** The page at the Space's root: the state of the services and the chat. No framework, one file. */
export function homePage({ bookTitle, version, frontendUrl }: HomePageOptions): string {
  const title = escapeHtml(bookTitle);
  const { digest, integrity } = widgetFile();
  const base = frontendUrl === null ? '' : escapeHtml(frontendUrl);
  // A book on a developer's machine is no link for other people.
  const link = base.startsWith('https://')
    ? `<a class="book" href="${base}" target="_blank" rel="noopener">Read the book</a>`
    : '';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}: ask the book</title>
<style>${pageParts.style}</style>
</head>
<body data-book="${base}">
<a class="skip" href="#question">Skip to the question</a>
<header>
<p class="kicker">Ask the book</p>
<h1 dir="auto">${title}</h1>
<div class="state"><ul id="services" aria-label="Services"><li data-state="starting">Looking …</li></ul>${link}</div>
<p id="note" role="status"></p>
</header>
<main></main>
<footer>
<details id="agents">
<summary>Use this book in an agent</summary>
<p>An MCP server that searches and reads the book is at</p>
<pre tabindex="0"><code id="mcp">/mcp</code></pre>
<p>Its pages are listed in <a href="llms.txt" target="_blank" rel="noopener">llms.txt</a>.</p>
</details>
<details id="embed">
<summary>Put this chat on a page</summary>
<p>Keep <a href="loader.js" download="book-chat.js">book-chat.js</a> as a file of your site, and name it on its pages:</p>
<pre tabindex="0"><code id="line"></code></pre>
<p>Or pin this version:</p>
<pre tabindex="0"><code id="pinned" data-digest="${digest}" data-integrity="${integrity}"></code></pre>
</details>
<a href="api/health" target="_blank" rel="noopener">Health</a> · <a href="privacy" target="_blank" rel="noopener">What is kept</a> · version ${escapeHtml(version)}</footer>
<script>${pageParts.script}</script>
</body>
</html>
`;
}

function escapeHtml(text: string): string {
  const entities: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}
