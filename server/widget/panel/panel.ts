import { Chat } from '../chat/chat.ts';
import { readSession, writeSession } from '../chat/conversation.ts';
import { make, makeButton, makeIconButton } from '../chat/elements.ts';
import type { CitedSource } from '../chat/conversation.ts';
import { closePath } from '../chat/question-form.ts';
import { englishTexts, type ChatTexts } from '../chat/texts.ts';
import { openKey } from '../loader/mount-options.ts';
import { canHighlight, openCitation } from './mark-citation.ts';
import { followTheme } from './page-theme.ts';
import { panelStyle } from './panel-style.ts';

/** What the server knows and a page does not: `GET /api/widget`. */
export type WidgetSettings = {
  title: string;
  /** The language of the texts, and how it is written. */
  language: string;
  direction: 'ltr' | 'rtl';
  texts: Partial<ChatTexts>;
  /** Headings of the book to ask about. */
  samples: string[];
  /** Why the server answers no question of this page. */
  refusal?: string | null;
};

const freshPath = 'M12 5v14M5 12h14';
const storageKey = 'book-chat';
const focusable = 'button:not([hidden]),a[href],textarea,summary,[tabindex="0"]';
const shortestSelection = 3;
const narrow = '(max-width:30rem)';
/** The next page loads the widget, which shows a citation, and leaves the panel closed. */
const loadOnly = 'load';

/** The chat on a page: a button that opens a panel, or the panel in the page's text. */
export class Panel {
  readonly #host: HTMLElement;
  readonly #root = make('div', '', 'root');
  readonly #launcher: HTMLButtonElement;
  readonly #panel = make('div', '', 'panel');
  readonly #chat: Chat;
  readonly #texts: ChatTexts;
  readonly #isInline: boolean;
  #selection: string | null = null;

  constructor(host: HTMLElement, { server, settings }: { server: string; settings: WidgetSettings }) {
    this.#host = host;
    this.#isInline = host.hasAttribute('inline');
    this.#texts = { ...englishTexts, ...settings.texts };
    const scroller = make('div', '', 'scroll');
    this.#chat = new Chat({
      server,
      texts: this.#texts,
      links: {
        book: host.getAttribute('book') ?? location.origin,
        onOpen: (source, url) => this.#openSource(source, url),
      },
      storageKey,
      scroller,
      pageOf: () => ({ title: document.title, path: location.pathname }),
      refusal: settings.refusal ?? null,
    });
    this.#chat.showSamples(settings.samples);
    scroller.append(this.#chat.log);
    this.#launcher = makeButton(this.#label(), 'launcher', () => this.open(this.#selection));
    this.#launcher.addEventListener('pointerdown', (event) => event.preventDefault());
    this.#launcher.setAttribute('aria-haspopup', 'dialog');
    const title = host.getAttribute('heading') ?? settings.title;
    this.#panel.append(this.#makeHeader(title), scroller, this.#chat.form.element);
    this.#panel.setAttribute('role', this.#isInline ? 'region' : 'dialog');
    this.#panel.setAttribute('aria-label', title);
    this.#panel.addEventListener('keydown', (event) => this.#onKey(event));
    Object.assign(this.#root, { lang: settings.language, dir: settings.direction });
    this.#root.append(this.#launcher, this.#panel);
    this.#show(false);
    this.#draw();
    followTheme(host, (theme) => (this.#root.dataset['theme'] = theme));
    document.addEventListener('selectionchange', () => this.#noteSelection());
  }

  /** Opens the panel, about a selected text where there is one. */
  open(selection: string | null): void {
    this.#show(true);
    writeSession(openKey, '1');
    this.#chat.form.selection = selection;
    this.#chat.scrollToEnd();
    this.#chat.form.box.focus({ preventScroll: true });
  }

  /** Shows the panel that was left open on the page before; the focus stays in the page. */
  restore(): void {
    const state = readSession(openKey);
    if (state === loadOnly) writeSession(openKey, null);
    if (state === null || state === loadOnly) return;
    this.#show(true);
    this.#chat.scrollToEnd();
  }

  #close(): void {
    this.#show(false);
    writeSession(openKey, null);
    this.#launcher.focus({ preventScroll: true });
  }

  #show(isOpen: boolean): void {
    const isShown = isOpen || this.#isInline;
    this.#panel.hidden = !isShown;
    this.#launcher.hidden = isShown;
    this.#host.toggleAttribute('open', isShown);
  }

  /** Replaces the loader's button: nothing moves. */
  #draw(): void {
    const root = this.#host.shadowRoot ?? this.#host.attachShadow({ mode: 'open' });
    const hadFocus = root.activeElement !== null;
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(panelStyle);
    root.adoptedStyleSheets = [sheet];
    root.replaceChildren(this.#root);
    if (hadFocus && !this.#launcher.hidden) this.#launcher.focus({ preventScroll: true });
  }

  #makeHeader(title: string): HTMLElement {
    const { fresh, close } = this.#texts;
    const header = make('header');
    header.append(make('h2', title));
    header.append(makeIconButton(fresh, { path: freshPath, onClick: () => this.#chat.startAgain() }));
    if (!this.#isInline)
      header.append(makeIconButton(close, { path: closePath, onClick: () => this.#close() }));
    return header;
  }

  /** Esc closes; Tab stays in the panel. */
  #onKey(event: KeyboardEvent): void {
    if (this.#isInline) return;
    if (event.key === 'Escape') return this.#close();
    if (event.key !== 'Tab') return;
    const stops = [...this.#panel.querySelectorAll<HTMLElement>(focusable)].filter((stop) =>
      stop.checkVisibility(),
    );
    const [first, last] = [stops[0], stops.at(-1)];
    const active = this.#host.shadowRoot?.activeElement;
    const next = event.shiftKey ? (active === first ? last : null) : active === last ? first : null;
    if (next === null || next === undefined) return;
    event.preventDefault();
    next.focus();
  }

  #label(): string {
    const { label, selection } = this.#texts;
    return this.#selection === null ? (this.#host.getAttribute('label') ?? label) : selection;
  }

  /** A selection in the page is what the next question is about. */
  #noteSelection(): void {
    const selection = getSelection();
    const text = selection?.toString().trim() ?? '';
    const isInPage = selection?.anchorNode !== null && !this.#host.contains(selection?.anchorNode ?? null);
    const isHere = this.#host.shadowRoot?.activeElement !== null;
    if (isHere && text === '') return;
    this.#selection = text.length >= shortestSelection && isInPage ? text : null;
    this.#launcher.textContent = this.#label();
    if (!this.#panel.hidden && this.#selection !== null) this.#chat.form.selection = this.#selection;
  }

  /** The page that opens marks the sentence; where the panel covers the page, it makes room. */
  #openSource({ quote }: CitedSource, url: URL): void {
    if (quote !== undefined && canHighlight) openCitation(quote, url);
    if (this.#isInline || readSession(openKey) === null) writeSession(openKey, loadOnly);
    else if (matchMedia(narrow).matches) {
      this.#show(false);
      writeSession(openKey, loadOnly);
    }
  }
}
