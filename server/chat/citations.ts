/**
 * `[Source N]` markers on their way to the reader: numbered anew by first use, so that they match the list of
 * sources, and dropped when they name no passage. Works on a stream: a marker may come in several pieces.
 */
export interface Citations {
  /** Text that may go out now. */
  push(text: string): string;
  /** What was held back when the answer ended. */
  end(): string;
  /** Indices into the passages, 0-based, in the order in which they were cited first. */
  cited(): number[];
}

/** Marks of direction, which nobody sees, stand beside numbers in right-to-left text. */
const blank = String.raw`[\s\p{Cf}]*`;
const numbers = String.raw`[\p{Nd}\s\p{Cf},;，；、&#–—-]*`;
const list = String.raw`${blank}sources?${blank}[:：#]?${blank}(\p{Nd}${numbers}(?:(?:sources?|and|to)${numbers})*)`;
/**
 * `[Source 1]`, `[Sources 1, 3]`, `[Source 1, Source 3]`, `[source 2 and 4]`, `[Source 2-4]`, and with words of the
 * model's own behind the numbers, `[Source 1: Lidar]`; the bare ones also in round brackets, all of them in wide ones
 * and in any script's digits.
 */
const marker = new RegExp(
  [
    String.raw`[\[［]${list}(?:[^\]］\n\p{Nd}][^\]］\n]*)?[\]］]`,
    String.raw`[(（]${list}[)）]`,
    String.raw`【${list}(?:[^】\n\p{Nd}][^】\n]*)?】`,
  ].join('|'),
  'giu',
);
/** An opening that may yet become a marker; longer ones are text. */
const opening = /[[(【［（](?:[\s\p{Cf}]*(?:s(?:o(?:u(?:r(?:c(?:e(?:s?[^\])】］）\n]*)?)?)?)?)?)?)?)?$/iu;
const longest = 120;
const span = /(\d+)(?:\s*(?:[–—-]|to)\s*#?(\d+))?/g;

export function createCitations({ passages }: { passages: number }): Citations {
  const order: number[] = [];
  let held = '';

  function numberOf(index: number): number {
    const known = order.indexOf(index);
    if (known !== -1) return known + 1;
    order.push(index);
    return order.length;
  }

  function renumber(text: string): string {
    return text.replaceAll(marker, (_whole, square?: string, round?: string, wide?: string) =>
      numbersIn(square ?? round ?? wide ?? '', passages)
        .map((number) => `[Source ${numberOf(number - 1)}]`)
        .join(''),
    );
  }

  return {
    push(text) {
      held += text;
      const start = opening.exec(held)?.index ?? -1;
      const cut = start === -1 || held.length - start > longest ? held.length : start;
      const ready = held.slice(0, cut);
      held = held.slice(cut);
      return renumber(ready);
    },
    end() {
      const rest = held;
      held = '';
      return renumber(rest);
    },
    cited: () => [...order],
  };
}

/** Those that name a passage, the ones between `2-4` too. */
function numbersIn(list: string, passages: number): number[] {
  return Array.from(list.replaceAll(/\p{Nd}/gu, inAscii).matchAll(span)).flatMap(([, from, to]) => {
    const [first, last] = [Number(from), Math.min(passages, Number(to ?? from))];
    return first < 1 || last < first ? [] : Array.from({ length: last - first + 1 }, (_, at) => first + at);
  });
}

const digit = /^\p{Nd}$/u;

/** Every script has its ten digits in a row. */
function inAscii(written: string): string {
  const code = written.codePointAt(0) ?? 0;
  let value = 0;
  while (digit.test(String.fromCodePoint(code - value - 1))) value += 1;
  return String(value % 10);
}
