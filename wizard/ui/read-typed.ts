import { hidesItself } from './echo.ts';

export type Typed = { text: string; end: 'enter' | 'back' | 'cancel' };

type Options = {
  stdin: NodeJS.ReadStream;
  write: (text: string) => void;
  /** Nothing of it is written back. */
  masked: boolean;
  signal: AbortSignal;
};

const pasteMarks = /\u001B\[20[01]~/g;

/**
 * Reads one line in raw mode. A chunk of several characters is a paste, whose newlines are data: only an Enter
 * of its own ends the line.
 */
export function readTyped({ stdin, write, masked, signal }: Options): Promise<Typed> {
  return new Promise((resolve) => {
    let text = '';
    const finish = (end: Typed['end']): void => {
      stdin.off('data', onData);
      stdin.off('end', onEnd);
      signal.removeEventListener('abort', onEnd);
      if (stdin.isTTY) stdin.setRawMode(false);
      stdin.pause();
      write('\n');
      resolve({ text, end });
    };
    const onEnd = (): void => finish('cancel');
    const take = (added: string): void => {
      text += added;
      if (!masked && !hidesItself(text)) write(added.replaceAll(/[\r\n]+/g, ' '));
      else if (added.length > 1) write(`received ${added.length} characters; Enter goes on `);
    };
    const onData = (chunk: string): void => {
      const paste = chunk.replaceAll(pasteMarks, '');
      if (/^(?:\r\n?|\n)$/.test(chunk)) finish('enter');
      else if (chunk.includes('\u0003') || chunk === '\u0004') finish('cancel');
      else if (chunk === '\u001B') finish('back');
      else if (/^[\u007F\b]+$/.test(chunk)) {
        const gone = Math.min(text.length, chunk.length);
        text = text.slice(0, text.length - gone);
        if (!masked) write('\b \b'.repeat(gone));
      } else if (chunk === '\u0015') {
        if (!masked) write('\b \b'.repeat(text.length));
        text = '';
      } else if (!paste.startsWith('\u001B')) take(paste);
    };
    if (signal.aborted) {
      resolve({ text, end: 'cancel' });
      return;
    }
    signal.addEventListener('abort', onEnd);
    stdin.setEncoding('utf8');
    if (stdin.isTTY) stdin.setRawMode(true);
    stdin.on('data', onData);
    stdin.on('end', onEnd);
    stdin.resume();
  });
}
