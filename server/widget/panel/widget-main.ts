/**
 * The widget, `/widget.js`. The loader in the book's site calls `mount`; where a page names this file itself, it makes its
 * element.
 */
import { watchPolicy } from '../chat/ask-server.ts';
import { englishTexts } from '../chat/texts.ts';
import { elementName, type MountOptions, type WidgetGlobal } from '../loader/mount-options.ts';
import { canHighlight, showCitation } from './mark-citation.ts';
import { Panel, type WidgetSettings } from './panel.ts';

const foreignPage =
  'This page may not ask this assistant. Its owner can add the address of the page to ALLOWED_ORIGINS.';
const script = document.currentScript as HTMLScriptElement | null;

async function mount(host: HTMLElement, { server, isOpen, selection }: MountOptions): Promise<void> {
  if (host.hasAttribute('mounted')) return;
  host.setAttribute('mounted', '');
  // The loader's button is there until the settings are, and a press of it counts.
  let isWanted = isOpen;
  const note = (): void => void (isWanted = true);
  for (const press of ['pointerdown', 'click']) host.addEventListener(press, note);
  const settings = await loadSettings(host, server);
  for (const press of ['pointerdown', 'click']) host.removeEventListener(press, note);
  const panel = new Panel(host, { server, settings });
  if (isWanted) panel.open(selection);
  else panel.restore();
  if (canHighlight) showCitation();
}

/**
 * Without the server's settings the chat is in English. The server is awake, it has just sent this script: what refuses the
 * settings is the page's policy or the server's list of origins.
 */
async function loadSettings(host: HTMLElement, server: string): Promise<WidgetSettings> {
  const language = host.getAttribute('lang') || document.documentElement.lang || navigator.language;
  const policy = watchPolicy(server);
  try {
    const response = await fetch(`${server}/api/widget?lang=${encodeURIComponent(language)}`);
    if (response.ok) return (await response.json()) as WidgetSettings;
  } catch {
    // Refused; or the connection broke just now, and the first question reports it.
  }
  const isBlocked = await policy.isBlocked();
  policy.stop();
  const refusal = isBlocked ? englishTexts.blocked : navigator.onLine ? foreignPage : null;
  return { title: document.title, language: 'en', direction: 'ltr', texts: {}, samples: [], refusal };
}

const widget: WidgetGlobal = { mount: (host, options) => void mount(host, options) };
Object.assign(globalThis, { bookChat: widget });

if (script !== null && customElements.get(elementName) === undefined && script.isConnected)
  mountPinned(script);

/** A page that names this file, and no loader: its element is there as soon as the page is. */
function mountPinned({ src, dataset }: HTMLScriptElement): void {
  const server = dataset['server'] ?? new URL(src).origin;
  const existing = document.querySelector<HTMLElement>(elementName);
  const host = existing ?? document.createElement(elementName);
  for (const [name, value] of Object.entries(dataset))
    if (!host.hasAttribute(name)) host.setAttribute(name, value ?? '');
  if (existing === null) document.body.append(host);
  const accent = host.getAttribute('accent');
  if (accent !== null) host.style.setProperty('--accent', accent);
  void mount(host, { server, isOpen: false, selection: null });
}
