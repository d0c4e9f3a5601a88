import type { ChatTurn } from './conversation.ts';
import { fill, make, makeButton } from './elements.ts';
import { makeLink, makeSourceLink, type LinkPolicy } from './links.ts';
import { drawAnswer } from './markdown.ts';
import { makeRatingButtons } from './rating-buttons.ts';
import { drawSources } from './sources-view.ts';
import type { ChatTexts } from './texts.ts';

export type TurnViewOptions = {
  texts: ChatTexts;
  links: LinkPolicy;
  server: string;
  /** Keeps a rating with the conversation. */
  onRate: () => void;
  /** Asks the turn's question again. */
  onAgain: (turn: ChatTurn) => void;
};

/** What the book has about a question, shown until the answer begins. */
export type SearchResult = { title: string; headings: string[]; url: string };

/** Shows one question and its answer, while it is written and when it is done. */
export class TurnView {
  readonly question: HTMLElement;
  readonly answer: HTMLElement;
  readonly #text = make('div', '', 'text');
  readonly #turn: ChatTurn;
  readonly #options: TurnViewOptions;

  constructor(turn: ChatTurn, options: TurnViewOptions) {
    this.#turn = turn;
    this.#options = options;
    const { texts } = options;
    this.question = makeArticle(texts.you, 'asked');
    if (turn.selection !== null) this.question.append(make('q', shorten(turn.selection)));
    this.question.append(turn.question);
    this.answer = makeArticle(texts.answer, 'answer');
    this.answer.append(this.#text);
    if (turn.outcome === 'open') this.answer.setAttribute('aria-busy', 'true');
    else this.finish();
  }

  /** Shows sections that words alone found. */
  showResults(results: readonly SearchResult[]): void {
    if (this.#turn.text !== '' || this.#turn.outcome !== 'open' || results.length === 0) return;
    const { links, texts } = this.#options;
    const list = make('ul');
    for (const { title, headings, url } of results) {
      const source = { file: '', title, heading: headings.at(-1) ?? title, url };
      list.appendChild(make('li')).append(makeSourceLink(source, source.heading, links));
    }
    const box = make('div', '', 'results');
    box.append(make('h2', texts.results), list);
    this.answer.append(box);
  }

  /** Draws the text again, and a notice while there is none. */
  draw(): void {
    const { text, notice } = this.#turn;
    if (text !== '') this.#removeResults();
    drawAnswer(this.#text, text, {
      cite: (number) => this.#makeMark(number),
      link: (address, label) => makeLink(address, label, this.#options.links),
    });
    if (notice !== '') this.#text.append(make('p', notice, 'aside'));
  }

  /** Shows what belongs to a finished answer. */
  finish(): void {
    const { outcome } = this.#turn;
    this.#removeResults();
    this.draw();
    for (const code of this.#text.querySelectorAll('pre')) this.#offerCopy(code);
    this.answer.removeAttribute('aria-busy');
    this.answer.classList.toggle('failed', outcome === 'failed');
    this.answer.append(...drawSources(this.#turn, this.#options), this.#makeActions());
  }

  #removeResults(): void {
    this.answer.querySelector('.results')?.remove();
  }

  /** What a reader can do with an answer. */
  #makeActions(): HTMLElement {
    const { texts, onAgain } = this.#options;
    const ratings = this.#turn.outcome === 'failed' ? [] : makeRatingButtons(this.#turn, this.#options);
    const actions = make('div', '', 'actions');
    actions.append(
      makeButton(texts.again, 'again', () => onAgain(this.#turn)),
      ...ratings,
    );
    return actions;
  }

  /** Leads to the section as soon as the sources are there. */
  #makeMark(number: number): HTMLElement {
    const { links, texts } = this.#options;
    const source = this.#turn.sources[number - 1];
    const mark =
      source === undefined ? make('span', String(number)) : makeSourceLink(source, String(number), links);
    mark.className = 'cite';
    const name = fill(texts.source, number);
    if (mark.localName === 'a')
      mark.setAttribute('aria-label', source === undefined ? name : `${name}: ${source.heading}`);
    return mark;
  }

  #offerCopy(code: HTMLElement): void {
    const { texts } = this.#options;
    const button = makeButton(texts.copy, 'copy', () => {
      void navigator.clipboard.writeText(code.textContent).then(
        () => (button.textContent = texts.copied),
        () => getSelection()?.selectAllChildren(code),
      );
    });
    const box = make('div', '', 'code');
    code.replaceWith(box);
    box.append(code, button);
  }
}

function makeArticle(name: string, className: string): HTMLElement {
  const article = make('article', '', className);
  article.setAttribute('aria-label', name);
  article.dir = 'auto';
  return article;
}

const maxSelectionShown = 120;

export function shorten(text: string): string {
  const whole = text.replaceAll(/\s+/g, ' ').trim();
  return whole.length <= maxSelectionShown ? whole : `${whole.slice(0, maxSelectionShown)}…`;
}
