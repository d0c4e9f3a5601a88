import { fill, make, makeButton, makeIconButton } from './elements.ts';
import type { ChatTexts } from './texts.ts';
import { shorten } from './turn-view.ts';

const maxQuestion = 2000;
const maxSelection = 12_000;
export const closePath = 'M6 6l12 12M18 6L6 18';

/** Where a reader writes a question; while an answer is written, where it is stopped. */
export class QuestionForm {
  readonly element = make('form');
  readonly box = make('textarea');
  readonly #send = make('button');
  readonly #stop: HTMLButtonElement;
  readonly #chip = make('p', '', 'chip');
  readonly #texts: ChatTexts;
  #selection: string | null = null;

  constructor(
    texts: ChatTexts,
    { onAsk, onStop }: { onAsk: (question: string) => void; onStop: () => void },
  ) {
    this.#texts = texts;
    const { element, box } = this;
    this.#stop = makeButton(texts.stop, '', onStop);
    this.#stop.id = 'stop';
    this.#stop.hidden = true;
    this.#chip.hidden = true;
    this.#send.textContent = texts.ask;
    element.id = 'ask';
    Object.assign(box, { id: 'question', name: 'message', rows: 1, maxLength: maxQuestion, dir: 'auto' });
    box.required = true;
    box.setAttribute('aria-describedby', 'hint');
    const label = make('label', texts.question);
    label.htmlFor = box.id;
    const row = make('div', '', 'row');
    row.append(box, this.#send, this.#stop);
    const hint = make('p', texts.hint);
    hint.id = 'hint';
    element.append(this.#chip, label, row, hint);
    element.addEventListener('submit', (event) => {
      event.preventDefault();
      const question = box.value.trim();
      if (question !== '' && !this.#send.hidden) onAsk(question);
    });
    box.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      element.requestSubmit();
    });
  }

  /** The text that the next question is about; null for the whole book. */
  get selection(): string | null {
    return this.#selection;
  }

  set selection(text: string | null) {
    const selection = text?.trim().slice(0, maxSelection) || null;
    this.#selection = selection;
    this.#chip.hidden = selection === null;
    this.#chip.replaceChildren(...(selection === null ? [] : this.#chipParts(selection)));
  }

  #chipParts(selection: string): Node[] {
    const onClick = (): void => {
      this.selection = null;
      this.box.focus();
    };
    const remove = makeIconButton(this.#texts.remove, { path: closePath, onClick });
    return [make('span', fill(this.#texts.about, shorten(selection))), remove];
  }

  /** Shows the button that can be pressed; the focus stays in the form. */
  set isBusy(isBusy: boolean) {
    const root = this.element.getRootNode() as Document | ShadowRoot;
    const held = root.activeElement;
    this.#send.hidden = isBusy;
    this.#stop.hidden = !isBusy;
    if (!isBusy && (held === this.#stop || held === null || held === document.body))
      this.box.focus({ preventScroll: true });
  }
}
