import { type PageOfReader, askServer, AskFailure, type AnswerEvent } from './ask-server.ts';
import { loadConversation, saveConversation, type Conversation, type ChatTurn } from './conversation.ts';
import { fill, make, makeButton } from './elements.ts';
import type { LinkPolicy } from './links.ts';
import { QuestionForm } from './question-form.ts';
import type { ChatTexts } from './texts.ts';
import { TurnView, type SearchResult } from './turn-view.ts';

export type ChatOptions = {
  /** The server's address; empty on its own page. */
  server: string;
  texts: ChatTexts;
  links: LinkPolicy;
  /** The entry of the tab's storage that keeps the conversation. */
  storageKey: string;
  /** What scrolls when an answer grows. */
  scroller: HTMLElement;
  /** The page that the reader is on; null on the server's own. */
  pageOf: () => PageOfReader | null;
  /** Why the server answers no question of this page; null where it does. */
  refusal: string | null;
};

/** Distance from the end, in pixels, within which the view follows a growing answer. */
const followDistance = 160;
const resultsShown = 3;

/** A conversation with the book: the log and the form below it. The Space's page and the widget both show this. */
export class Chat {
  readonly log = make('section');
  readonly form: QuestionForm;
  readonly #options: ChatOptions;
  readonly #empty = make('div', '', 'empty');
  #conversation: Conversation;
  #open: AbortController | null = null;

  constructor(options: ChatOptions) {
    this.#options = options;
    const { texts } = options;
    this.log.id = 'log';
    this.log.tabIndex = 0;
    this.log.setAttribute('role', 'log');
    this.log.setAttribute('aria-label', texts.log);
    this.log.setAttribute('aria-live', 'polite');
    this.#empty.append(make('p', texts.empty));
    this.form = new QuestionForm(texts, {
      onAsk: (question) => {
        const { selection } = this.form;
        this.form.box.value = '';
        this.form.selection = null;
        void this.#ask({ question, selection });
      },
      onStop: () => this.#open?.abort(),
    });
    this.#conversation = loadConversation(options.storageKey);
    this.#show();
  }

  /** Questions that a reader can begin with. */
  showSamples(headings: readonly string[]): void {
    if (headings.length === 0 || this.#empty.querySelector('ul') !== null) return;
    const list = make('ul', '', 'samples');
    for (const heading of headings) {
      const question = heading.endsWith('?') ? heading : fill(this.#options.texts.sample, heading);
      const button = makeButton(question, '', () => void this.#ask({ question, selection: null }));
      list.appendChild(make('li')).append(button);
    }
    this.#empty.append(list);
  }

  /** Ends this conversation and shows an empty one. */
  startAgain(): void {
    this.#open?.abort();
    this.#conversation = { id: null, turns: [] };
    saveConversation(this.#options.storageKey, this.#conversation);
    this.#show();
    this.form.box.focus();
  }

  /** Shows the end of the conversation. */
  scrollToEnd(): void {
    const { scroller } = this.#options;
    scroller.scrollTo({ top: scroller.scrollHeight });
  }

  #show(): void {
    const { turns } = this.#conversation;
    this.log.replaceChildren(...(turns.length === 0 ? [this.#empty] : []));
    for (const turn of turns) this.#add(turn);
  }

  #add(turn: ChatTurn): TurnView {
    const { server, texts, links, storageKey } = this.#options;
    const onAgain = ({ question, selection }: ChatTurn): void => {
      if (this.#open === null) void this.#ask({ question, selection, isFresh: true });
    };
    const onRate = (): void => saveConversation(storageKey, this.#conversation);
    const view = new TurnView(turn, { server, texts, links, onAgain, onRate });
    this.#empty.remove();
    this.log.append(view.question, view.answer);
    return view;
  }

  async #ask(request: { question: string; selection: string | null; isFresh?: boolean }): Promise<void> {
    if (this.#open !== null) return;
    const { question, selection, isFresh = false } = request;
    const open = new AbortController();
    this.#open = open;
    const conversation = this.#conversation;
    const turn: ChatTurn = {
      question,
      selection,
      text: '',
      sources: [],
      cited: 0,
      outcome: 'open',
      notice: '',
      messageId: null,
    };
    conversation.turns.push(turn);
    const view = this.#add(turn);
    this.form.isBusy = true;
    view.answer.scrollIntoView({ block: 'end' });
    await this.#write(turn, { view, conversation, open, isFresh });
    this.#open = null;
    this.#follow(() => view.finish());
    this.form.isBusy = false;
    if (conversation === this.#conversation) saveConversation(this.#options.storageKey, conversation);
  }

  /** Reads the answer into the turn; every failure ends in words. */
  async #write(
    turn: ChatTurn,
    {
      view,
      conversation,
      open,
      isFresh,
    }: { view: TurnView; conversation: Conversation; open: AbortController; isFresh: boolean },
  ): Promise<void> {
    const { server, texts, pageOf, refusal } = this.#options;
    const { signal } = open;
    const { question: message, selection } = turn;
    let frame = 0;
    const draw = (): void => {
      frame = 0;
      this.#follow(() => view.draw());
    };
    const redraw = (): void => void (frame ||= requestAnimationFrame(draw));
    const onWaking = (): void => {
      turn.notice = texts.waking;
      redraw();
    };
    if (selection === null && refusal === null) void this.#search(message, { view, signal });
    const question = { message, selection, conversationId: conversation.id, page: pageOf(), isFresh };
    const seen = { hasFailed: false, isRefused: false };
    try {
      if (refusal !== null) throw new AskFailure(refusal);
      for await (const event of askServer(server, question, { texts, signal, onWaking })) {
        turn.notice = '';
        applyEvent(event, { turn, conversation, seen });
        redraw();
      }
      if (turn.outcome === 'open') turn.notice = texts.broken;
    } catch (error) {
      turn.notice = failureWords(error, { texts, isStopped: signal.aborted, hasText: turn.text !== '' });
    }
    cancelAnimationFrame(frame);
    if (turn.outcome === 'open') turn.outcome = 'failed';
  }

  /** Draws, and keeps the end in view where it was in view. */
  #follow(draw: () => void): void {
    const { scroller } = this.#options;
    const { scrollTop, clientHeight, scrollHeight } = scroller;
    draw();
    if (scrollTop + clientHeight > scrollHeight - followDistance) this.scrollToEnd();
  }

  /** Sections with the question's words are there before the answer is. */
  async #search(words: string, { view, signal }: { view: TurnView; signal: AbortSignal }): Promise<void> {
    try {
      const { server, pageOf } = this.#options;
      const query = new URLSearchParams({ q: words.slice(0, 500), limit: String(resultsShown) });
      const path = pageOf()?.path;
      if (path !== undefined) query.set('page', path.slice(0, 500));
      const response = await fetch(`${server}/api/search?${query}`, { signal });
      const { results } = (await response.json()) as { results?: SearchResult[] };
      this.#follow(() => view.showResults(results ?? []));
    } catch {
      // The answer comes without it.
    }
  }
}

function applyEvent(
  event: AnswerEvent,
  {
    turn,
    conversation,
    seen,
  }: { turn: ChatTurn; conversation: Conversation; seen: { hasFailed: boolean; isRefused: boolean } },
): void {
  const { type, content, sources, conversation_id: id, rungs = [], nearest, message_id: messageId } = event;
  if (type === 'metadata') {
    conversation.id = id;
    seen.isRefused = rungs.includes('refused');
  } else if (type === 'token') turn.text += content ?? '';
  else if (type === 'error') seen.hasFailed = true;
  else {
    turn.sources = nearest ?? sources ?? [];
    turn.cited = highestMark(turn.text);
    turn.messageId = messageId ?? null;
    if (seen.hasFailed) turn.outcome = 'failed';
    else turn.outcome = seen.isRefused || nearest !== undefined ? 'refused' : 'answered';
  }
}

/** Cited sources come first, so the highest number says how many are cited. */
function highestMark(text: string): number {
  return Math.max(0, ...Array.from(text.matchAll(/\[Source (\d+)\]/g), ([, number]) => Number(number)));
}

function failureWords(
  error: unknown,
  { texts, isStopped, hasText }: { texts: ChatTexts; isStopped: boolean; hasText: boolean },
): string {
  if (isStopped) return texts.stopped;
  if (error instanceof AskFailure) return error.message;
  return hasText ? texts.broken : texts.unreachable;
}
