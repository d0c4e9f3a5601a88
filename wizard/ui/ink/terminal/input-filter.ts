import { createReplyFilter } from '../../terminal-replies.ts';

/** Ink names no function keys, so F1 arrives as this character of the private use area. */
export const f1 = '\uE0F1';

const f1Sequences = /\u001B(?:OP|\[11~|\[\[A|\[P)/g;

/** Wraps stdin for Ink, which takes the terminal's own answers for text. */
export function withInputFilter(stdin: NodeJS.ReadStream): NodeJS.ReadStream {
  const filter = createReplyFilter();
  const read = (...args: Parameters<typeof stdin.read>): unknown => {
    for (;;) {
      const chunk: unknown = stdin.read(...args);
      if (chunk === null) return null;
      const text = filter(String(chunk)).replaceAll(f1Sequences, f1);
      if (text !== '') return text;
    }
  };
  return new Proxy(stdin, {
    get(target, name) {
      if (name === 'read') return read;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}
