/** Ink names no function keys, so F1 arrives as this character of the private use area. */
export const f1 = '\uE0F1';

const f1Sequences = /\u001B(?:OP|\[11~|\[\[A|\[P)/g;
/** OSC, DCS, SOS, PM and APC strings: what a terminal answers when another program asked for its colours or version. */
const stringStart = /\u001B[\]PX^_]/;
const stringEnd = /\u0007|\u001B\\|\u009C/;
/** A string that is longer without its end is none. */
const maxPending = 4096;

/** Takes the terminal's own answers out of what is typed, also where they come in pieces. */
export function createInputFilter(): (chunk: string) => string {
  let pending = '';
  return (chunk) => {
    // Alt with one of these letters is a key that someone pressed.
    if (pending === '' && chunk.length === 2 && stringStart.test(chunk)) return '';
    let rest = pending + chunk;
    let kept = '';
    pending = '';
    for (;;) {
      const start = stringStart.exec(rest);
      if (start === null) break;
      const end = stringEnd.exec(rest.slice(start.index + 2));
      kept += rest.slice(0, start.index);
      if (end === null) {
        if (rest.length - start.index < maxPending) pending = rest.slice(start.index);
        return kept.replaceAll(f1Sequences, f1);
      }
      rest = rest.slice(start.index + 2 + end.index + end[0].length);
    }
    return (kept + rest).replaceAll(f1Sequences, f1);
  };
}

/** Wraps stdin for Ink, which takes such answers for text. */
export function withInputFilter(stdin: NodeJS.ReadStream): NodeJS.ReadStream {
  const filter = createInputFilter();
  const read = (...args: Parameters<typeof stdin.read>): unknown => {
    for (;;) {
      const chunk: unknown = stdin.read(...args);
      if (chunk === null) return null;
      const text = filter(String(chunk));
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
