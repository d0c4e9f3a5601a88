type Fence = { mark: string; length: number; indent: number; isQuote: boolean };

const maxLine = 80;
const containers = /^[\s>]*(?:(?:[-+*]|\d{1,9}[.)])\s+[\s>]*)*$/;
const listItem = /^( *)([-+*]|\d{1,9}[.)])( {1,4})(?=\S|$)/;

/**
 * Follows which lines of a Markdown text are fenced code, as they come. Where a renderer might see it otherwise (a fence
 * in nested containers, or less indented lines in it), no later fence is believed: then its text is read like any other.
 */
export class CodeLines {
  #line = '';
  #fence: Fence | null = null;
  #isDistrusted = false;
  #afterBlank = true;
  /** Columns at which the text of the open list items begins. */
  #offsets: number[] = [];
  readonly #onBlankLine: () => void;

  constructor({ onBlankLine }: { onBlankLine: () => void }) {
    this.#onBlankLine = onBlankLine;
  }

  /** The current line so far, up to 80 characters. */
  get line(): string {
    return this.#line;
  }

  get isInFence(): boolean {
    return this.#fence !== null;
  }

  /** Whether only indentation and the marks of quotes and lists stand before. */
  atLineStart(): boolean {
    return this.#line.length < maxLine && containers.test(this.#line);
  }

  /** Whether a run of fence characters may open a fence here; `info` is the rest of its line. */
  openFence(run: string, info: string): boolean {
    if (this.#isDistrusted || (run.startsWith('`') && info.includes('`'))) return false;
    const isQuote = /^ {0,3}> ?$/.test(this.#line);
    const indent = isQuote ? 0 : this.#fenceIndent();
    this.#isDistrusted = indent === null;
    if (indent !== null) this.#fence = { mark: run[0] ?? '`', length: run.length, indent, isQuote };
    return !this.#isDistrusted;
  }

  /** To be asked with the beginning of each line in a fence, up to its first other character: whether it is code still. */
  continuesFence(head: string, isBlank: boolean): boolean {
    if (this.#fence === null) return false;
    if (this.#fence.isQuote) {
      if (!/^ {0,3}>/.test(head)) this.#fence = null;
      return this.#fence !== null;
    }
    const indent = /^ */.exec(head)?.[0].length ?? 0;
    if (isBlank || indent >= this.#fence.indent) return true;
    this.#isDistrusted = true;
    this.#fence = null;
    return false;
  }

  /** Whether this head and the rest of its line close the fence. */
  closesFence(head: string): boolean {
    if (this.#fence === null) return false;
    const text = this.#fence.isQuote ? head.replace(/^ {0,3}> ?/, '') : head.slice(this.#fence.indent);
    const run = /^ {0,3}([`~]+)[ \t]*$/.exec(text)?.[1] ?? '';
    return run.length >= this.#fence.length && run === this.#fence.mark.repeat(run.length);
  }

  closeFence(): void {
    this.#fence = null;
  }

  /** Believes no later fence. */
  distrust(): void {
    this.#isDistrusted = true;
  }

  /** Takes text that was sent. */
  add(text: string): void {
    for (let at = 0; at < text.length;) {
      const end = text.indexOf('\n', at);
      if (this.#line.length < maxLine)
        this.#line += text.slice(at, Math.min(end === -1 ? text.length : end, at + maxLine));
      if (end === -1) return;
      this.#endLine();
      at = end + 1;
    }
  }

  #startItem(text: string): number | null {
    const [whole, indent = '', mark = ''] = listItem.exec(text) ?? [];
    if (whole === undefined) return null;
    const wasInList = this.#offsets.length > 0;
    this.#offsets = this.#offsets.filter((offset) => offset <= indent.length);
    if (indent.length - (this.#offsets.at(-1) ?? 0) > 3) return null;
    // Only an item that is the first of a list can stand right after a paragraph.
    if (!/^(?:[-+*]|1[.)])$/.test(mark) && !this.#afterBlank && !wasInList) return null;
    this.#offsets.push(whole.length);
    return whole.length;
  }

  #endLine(): void {
    const isBlank = /^\s*$/.test(this.#line);
    if (isBlank) this.#onBlankLine();
    else if (this.#fence === null && this.#startItem(this.#line) === null) {
      const indent = /^ */.exec(this.#line)?.[0].length ?? 0;
      this.#offsets = this.#offsets.filter((offset) => offset <= indent);
    }
    this.#afterBlank = isBlank;
    this.#line = '';
  }

  /** The column at which a fence here is indented, if it is one for every renderer; else null. */
  #fenceIndent(): number | null {
    if (/^ *$/.test(this.#line))
      return this.#line.length - (this.#offsets.findLast((at) => at <= this.#line.length) ?? 0) <= 3
        ? this.#line.length
        : null;
    return this.#line.length < maxLine && /^ *\S+ {1,4}$/.test(this.#line)
      ? this.#startItem(this.#line)
      : null;
  }
}
