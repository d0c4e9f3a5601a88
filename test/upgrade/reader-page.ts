/** A reader's browser, as far as these frontends use one: it runs the script that the live page really serves. */
import { createContext, runInContext } from 'node:vm';

export type Reply = { answer: string; failure: string; sources: string[] };

type Element = { textContent: string; append(child: Element): void };
type SubmitListener = (event: { preventDefault(): void }) => Promise<void>;

export class ReaderPage {
  readonly #origin: string;
  /** Outlives a visit, as in a browser: the frontends keep their conversation's id here. */
  readonly #storage = new Map<string, string>();

  constructor(origin: string) {
    this.#origin = origin;
  }

  /** The conversation that the frontend is in; null before the first question. */
  get conversation(): string | null {
    return this.#storage.get('conversation') ?? null;
  }

  /** Loads the page, types a question and waits for the whole answer. */
  async ask(question: string): Promise<Reply> {
    const elements = { answer: textElement(), failure: textElement(), sources: listElement() };
    let submit: SubmitListener | null = null;
    const form = {
      addEventListener: (_: 'submit', listener: SubmitListener) => void (submit = listener),
      querySelector: (selector: string) => elements[selector.slice(1) as keyof typeof elements],
    };
    const browser = createContext({
      document: { querySelector: () => form, createElement: textElement },
      FormData: class {
        get = (): string => question;
      },
      localStorage: {
        getItem: (name: string) => this.#storage.get(name) ?? null,
        setItem: (name: string, value: string) => void this.#storage.set(name, value),
      },
      fetch: (path: string, init: RequestInit) => this.#fetch(path, init),
      crypto,
      TextDecoderStream,
    });
    runInContext(await this.#script(), browser);
    await (submit as SubmitListener | null)?.({ preventDefault: () => undefined });
    const { answer, failure, sources } = elements;
    return {
      answer: answer.textContent,
      failure: failure.textContent,
      sources: sources.children.map(({ textContent }) => textContent),
    };
  }

  /** Sends what a browser adds, and refuses an answer that a browser would not hand to the page. */
  async #fetch(path: string, init: RequestInit): Promise<Response> {
    const url = new URL(path, this.#origin);
    const response = await fetch(url, { ...init, headers: { ...init.headers, origin: this.#origin } });
    const allowed = response.headers.get('access-control-allow-origin');
    if (url.origin !== this.#origin && allowed !== this.#origin)
      throw new TypeError(`Blocked by CORS: ${url.origin} allows ${allowed ?? 'no origin'}.`);
    return response;
  }

  async #script(): Promise<string> {
    const html = await (await fetch(this.#origin)).text();
    const path = /<script[^>]* src="([^"]+)"/.exec(html)?.[1];
    if (path === undefined) throw new Error(`${this.#origin} has no script: ${html}`);
    return (await fetch(new URL(path, this.#origin))).text();
  }
}

function textElement(): Element {
  return { textContent: '', append: () => undefined };
}

function listElement(): Element & { children: Element[] } {
  const children: Element[] = [];
  return { children, textContent: '', append: (child) => void children.push(child) };
}
