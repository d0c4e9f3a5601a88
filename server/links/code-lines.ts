/**
 * Follows which lines of a Markdown text are fenced code, as they come. Where a renderer might see it otherwise (a fence
 * in nested containers, or less indented lines in it), no later fence is believed: then its text is read like any other.
 */
export interface CodeLines {
  /** The current line so far, up to 80 characters. */
  readonly line: string;
  readonly isInFence: boolean;
  /** Whether only indentation and the marks of quotes and lists stand before. */
  atLineStart(): boolean;
  /** Whether a run of fence characters may open a fence here; `info` is the rest of its line. */
  openFence(run: string, info: string): boolean;
  /** To be asked with the beginning of each line in a fence, up to its first other character: whether it is code still. */
  continuesFence(head: string, isBlank: boolean): boolean;
  /** Whether this head and the rest of its line close the fence. */
  closesFence(head: string): boolean;
  closeFence(): void;
  /** Believes no later fence. */
  distrust(): void;
  /** Takes text that was sent. */
  add(text: string): void;
}

type Fence = { mark: string; length: number; indent: number; isQuote: boolean };

const maxLine = 80;
const containers = /^[\s>]*(?:(?:[-+*]|\d{1,9}[.)])\s+[\s>]*)*$/;
const listItem = /^( *)([-+*]|\d{1,9}[.)])( {1,4})(?=\S|$)/;

export function createCodeLines({ onBlankLine }: { onBlankLine: () => void }): CodeLines {
  let line = '';
  let fence: Fence | null = null;
  let isDistrusted = false;
  let afterBlank = true;
  /** Columns at which the text of the open list items begins. */
  let offsets: number[] = [];

  function startItem(text: string): number | null {
    const [whole, indent = '', mark = ''] = listItem.exec(text) ?? [];
    if (whole === undefined) return null;
    const wasInList = offsets.length > 0;
    offsets = offsets.filter((offset) => offset <= indent.length);
    if (indent.length - (offsets.at(-1) ?? 0) > 3) return null;
    // Only an item that is the first of a list can stand right after a paragraph.
    if (!/^(?:[-+*]|1[.)])$/.test(mark) && !afterBlank && !wasInList) return null;
    offsets.push(whole.length);
    return whole.length;
  }

  function endLine(): void {
    const isBlank = /^\s*$/.test(line);
    if (isBlank) onBlankLine();
    else if (fence === null && startItem(line) === null) {
      const indent = /^ */.exec(line)?.[0].length ?? 0;
      offsets = offsets.filter((offset) => offset <= indent);
    }
    afterBlank = isBlank;
    line = '';
  }

  /** The column at which a fence here is indented, if it is one for every renderer; else null. */
  function fenceIndent(): number | null {
    if (/^ *$/.test(line))
      return line.length - (offsets.findLast((at) => at <= line.length) ?? 0) <= 3 ? line.length : null;
    return line.length < maxLine && /^ *\S+ {1,4}$/.test(line) ? startItem(line) : null;
  }

  return {
    get line() {
      return line;
    },
    get isInFence() {
      return fence !== null;
    },
    atLineStart: () => line.length < maxLine && containers.test(line),
    openFence(run, info) {
      if (isDistrusted || (run.startsWith('`') && info.includes('`'))) return false;
      const isQuote = /^ {0,3}> ?$/.test(line);
      const indent = isQuote ? 0 : fenceIndent();
      isDistrusted = indent === null;
      if (indent !== null) fence = { mark: run[0] ?? '`', length: run.length, indent, isQuote };
      return !isDistrusted;
    },
    continuesFence(head, isBlank) {
      if (fence === null) return false;
      if (fence.isQuote) {
        if (!/^ {0,3}>/.test(head)) fence = null;
        return fence !== null;
      }
      const indent = /^ */.exec(head)?.[0].length ?? 0;
      if (isBlank || indent >= fence.indent) return true;
      isDistrusted = true;
      fence = null;
      return false;
    },
    closesFence(head) {
      if (fence === null) return false;
      const text = fence.isQuote ? head.replace(/^ {0,3}> ?/, '') : head.slice(fence.indent);
      const run = /^ {0,3}([`~]+)[ \t]*$/.exec(text)?.[1] ?? '';
      return run.length >= fence.length && run === fence.mark.repeat(run.length);
    },
    closeFence() {
      fence = null;
    },
    distrust() {
      isDistrusted = true;
    },
    add(text) {
      for (let at = 0; at < text.length;) {
        const end = text.indexOf('\n', at);
        if (line.length < maxLine)
          line += text.slice(at, Math.min(end === -1 ? text.length : end, at + maxLine));
        if (end === -1) return;
        endLine();
        at = end + 1;
      }
    },
  };
}
