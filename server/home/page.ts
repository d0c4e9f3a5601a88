import { pageScript } from './script.ts';
import { pageStyle } from './style.ts';

/** What the page is told when it is written; everything else it asks for. */
export type HomePageOptions = { bookTitle: string; version: string; frontendUrl: string | null };

/** The page a person sees when the Space is opened: state of the services and a chat box. No framework, one file. */
export function homePage({ bookTitle, version, frontendUrl }: HomePageOptions): string {
  const title = escapeHtml(bookTitle);
  const base = frontendUrl === null ? '' : escapeHtml(frontendUrl);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}: assistant</title>
<style>${pageStyle}</style>
</head>
<body data-book="${base}">
<a class="skip" href="#question">Skip to the question</a>
<header>
<h1>${title}</h1>
<p>Ask the book. Every answer cites the sections it rests on.</p>
<ul id="services" aria-label="Services" aria-live="polite"><li data-state="starting">looking …</li></ul>
</header>
<main>
<section id="log" role="log" aria-label="Conversation" aria-live="polite" tabindex="0"></section>
<form id="ask">
<label for="question">Your question</label>
<div class="row">
<textarea id="question" name="message" rows="2" maxlength="2000" required></textarea>
<button type="submit">Ask</button>
<button type="button" id="stop" hidden>Stop</button>
</div>
<p class="hint">Enter asks, Shift+Enter begins a new line.</p>
</form>
</main>
<footer><a href="api/health">Health</a> · version ${escapeHtml(version)}</footer>
<script>${pageScript}</script>
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
