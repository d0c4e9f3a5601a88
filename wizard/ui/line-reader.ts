import { createReplyFilter } from './terminal-replies.ts';
import { mustMask } from './mask.ts';

export type TypedLine = { text: string; end: 'enter' | 'back' | 'cancel' };

/** Reads the keyboard in plain mode. */
export type LineReader = {
  /** Switches to raw mode: the terminal then neither echoes input nor raises signals. */
  open(): void;
  /** Writes whole lines; a line that is being typed is written again below them. */
  print(text: string): void;
  /** Reads one line at a time; a masked line is not echoed. */
  read(options: { masked: boolean; signal: AbortSignal }): Promise<TypedLine>;
  close(): void;
};

type LineReaderOptions = {
  stdin: NodeJS.ReadStream;
  write: (text: string) => void;
  /** Called for Ctrl-C while no line is being read. */
  onCancel: () => void;
};

type LineBuffer = { text: string; masked: boolean };

const pasteMarkers = /\u001B\[20[01]~/g;
const [ctrlC, ctrlD, ctrlU] = ['\u0003', '\u0004', '\u0015'];

/** A line with its Enter in one chunk, as a script types it. */
const wholeLine = /^([^\r\n\u001B]+)(?:\r\n?|\n)$/;

/** Applies a chunk to the buffer; several characters are a paste, whose newlines are data where it has more than one line. */
function applyChunk(line: LineBuffer, chunk: string, write: (text: string) => void): TypedLine['end'] | null {
  if (/^(?:\r\n?|\n)$/.test(chunk)) return 'enter';
  if (chunk.includes(ctrlC) || chunk === ctrlD) return 'cancel';
  if (chunk === '\u001B') return 'back';
  const [, typed] = wholeLine.exec(chunk) ?? [];
  if (typed !== undefined && !/[\r\n]/.test(line.text)) return applyChunk(line, typed, write) ?? 'enter';
  const isShown = !line.masked && !mustMask(line.text + chunk);
  if (/^[\u007F\b]+$/.test(chunk) || chunk === ctrlU) {
    const erased = chunk === ctrlU ? line.text.length : Math.min(line.text.length, chunk.length);
    line.text = line.text.slice(0, line.text.length - erased);
    if (isShown) write('\b \b'.repeat(erased));
    return null;
  }
  const added = chunk.replaceAll(pasteMarkers, '');
  if (added.startsWith('\u001B')) return null;
  line.text += added;
  if (isShown) write(added.replaceAll(/[\r\n]+/g, ' '));
  else if (added.length > 1) write(`received ${added.length} characters; press Enter `);
  return null;
}

const prompt = '> ';

/** What is on the screen of the line so far. */
function echoedText({ text, masked }: LineBuffer): string {
  if (!masked && !mustMask(text)) return text.replaceAll(/[\r\n]+/g, ' ');
  return text === '' ? '' : `received ${text.length} characters; press Enter `;
}

/** A line reader on a terminal; stdin stays untouched until `open`. */
export function createLineReader({ stdin, write, onCancel }: LineReaderOptions): LineReader {
  let buffer: LineBuffer | null = null;
  let reader: ((chunk: string) => void) | null = null;
  let endReader: (() => void) | null = null;
  let isOpen = false;
  const filter = createReplyFilter();
  const onData = (sent: string): void => {
    const chunk = filter(sent);
    if (reader !== null) reader(chunk);
    else if (chunk.includes(ctrlC)) onCancel();
  };
  const onEnd = (): void => endReader?.();
  return {
    open: () => {
      if (isOpen) return;
      isOpen = true;
      stdin.setEncoding('utf8');
      stdin.setRawMode(true);
      stdin.on('data', onData);
      stdin.on('end', onEnd);
    },
    print: (text) => {
      if (text === '') return;
      write(buffer === null ? text : `\n${text}${prompt}${echoedText(buffer)}`);
    },
    read: ({ masked, signal }) =>
      new Promise((resolve) => {
        const line = { text: '', masked };
        buffer = line;
        write(prompt);
        const finish = (end: TypedLine['end']): void => {
          reader = null;
          buffer = null;
          endReader = null;
          signal.removeEventListener('abort', onAbort);
          write('\n');
          resolve({ text: line.text, end });
        };
        const onAbort = (): void => finish('cancel');
        endReader = onAbort;
        reader = (chunk) => {
          const end = applyChunk(line, chunk, write);
          if (end !== null) finish(end);
        };
        signal.addEventListener('abort', onAbort, { once: true });
        if (signal.aborted) onAbort();
      }),
    close: () => {
      if (!isOpen) return;
      isOpen = false;
      stdin.off('data', onData);
      stdin.off('end', onEnd);
      stdin.setRawMode(false);
      stdin.pause();
    },
  };
}
