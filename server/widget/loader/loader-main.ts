/**
 * The loader: a file of the book's own site, which a book keeps for years. It shows the button, and loads `/widget.js` from
 * the server when a reader points at it, focuses or opens it, never by reading a page.
 */
import { launcherStyle } from './launcher-style.ts';
import { elementName, openKey, type WidgetGlobal } from './mount-options.ts';

/** Replaced where the file is written: `loader-file.ts`. */
const [label = '', aboutSelection = '', waking = '', offline = '', blocked = ''] = JSON.parse(
  '%TEXTS%',
) as string[];
const retryMs = 3_000;
const patienceMs = 1_000;
const { dataset, src } = document.currentScript as HTMLScriptElement;

class BookChat extends HTMLElement {
  readonly #button = document.createElement('button');
  readonly #state = document.createElement('p');
  #isOpen = false;
  #isPressed = false;
  #isLoading = false;
  #isBlocked = false;
  #selection = '';

  connectedCallback(): void {
    if (this.shadowRoot) return;
    for (const name in dataset) if (!this.hasAttribute(name)) this.setAttribute(name, dataset[name] ?? '');
    const root = this.attachShadow({ mode: 'open' });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(launcherStyle);
    root.adoptedStyleSheets = [sheet];
    const button = this.#button;
    button.className = 'launcher';
    button.ariaHasPopup = 'dialog';
    button.textContent = this.getAttribute('label') || label;
    this.#state.className = 'state';
    this.#state.role = 'status';
    root.append(button, this.#state);
    const accent = this.getAttribute('accent');
    if (accent) this.style.setProperty('--accent', accent);
    const load = (): void => this.#load();
    button.addEventListener('pointerenter', load);
    button.addEventListener('focus', load);
    // Pressing a button would end the selection that the question is about.
    button.addEventListener('pointerdown', (event) => {
      event.preventDefault();
      this.#isPressed = true;
    });
    for (const end of ['pointerup', 'pointerleave'])
      button.addEventListener(end, () => (this.#isPressed = false));
    button.addEventListener('click', () => {
      this.#isOpen = true;
      load();
      setTimeout(() => this.#state.textContent || this.#show(), patienceMs);
    });
    document.addEventListener('selectionchange', this.#noteSelection);
    document.addEventListener('securitypolicyviolation', ({ blockedURI }) => {
      this.#isBlocked ||= blockedURI.startsWith(this.#server);
    });
    try {
      // It was left open on the page before, or leads to a cited sentence of this one.
      if (sessionStorage.getItem(openKey)) load();
    } catch {
      // The browser allows no storage.
    }
  }

  get #server(): string {
    return this.getAttribute('server') || new URL(src).origin;
  }

  readonly #noteSelection = (): void => {
    this.#selection = getSelection()?.toString().trim() ?? '';
    this.#button.textContent = this.#selection ? aboutSelection : this.getAttribute('label') || label;
  };

  #load(): void {
    if (this.#isLoading) return;
    this.#isLoading = true;
    const script = document.createElement('script');
    script.src = `${this.#server}/widget.js`;
    const end = (): void => {
      script.remove();
      const { bookChat } = window as { bookChat?: WidgetGlobal };
      if (bookChat) {
        document.removeEventListener('selectionchange', this.#noteSelection);
        bookChat.mount(this, {
          server: this.#server,
          // Replaced while it is pressed, the button would never be clicked.
          isOpen: this.#isOpen || this.#isPressed,
          selection: this.#selection || null,
        });
      } else this.#wait();
    };
    script.addEventListener('load', end);
    script.addEventListener('error', end);
    document.head.append(script);
  }

  /** A server that sleeps is woken by the request; it is asked again as long as a reader waits. */
  #wait(): void {
    this.#isLoading = false;
    if (!this.#isOpen) return;
    this.#show();
    if (!this.#isBlocked) setTimeout(() => this.#load(), retryMs);
  }

  #show(): void {
    this.#state.textContent = this.#isBlocked ? blocked : navigator.onLine ? waking : offline;
  }
}

if (!customElements.get(elementName)) customElements.define(elementName, BookChat);
if (!document.querySelector(elementName))
  (document.body ?? document.documentElement).append(document.createElement(elementName));
