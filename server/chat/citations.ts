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
const invisible = String.raw`[\s\p{Cf}]*`;
const numberList = String.raw`[\p{Nd}\s\p{Cf},;，；、&#–—-]*`;
const sourceList = String.raw`${invisible}sources?${invisible}[:：#]?${invisible}(\p{Nd}${numberList}(?:(?:sources?|and|to)${numberList})*)`;
/**
 * `[Source 1]`, `[Sources 1, 3]`, `[Source 1, Source 3]`, `[source 2 and 4]`, `[Source 2-4]`, and with words of the
 * model's own behind the numbers, `[Source 1: Lidar]`; the bare ones also in round brackets, all of them in wide ones
 * and in any script's digits.
 */
const marker = new RegExp(
  [
    String.raw`[\[［]${sourceList}(?:[^\]］\n\p{Nd}][^\]］\n]*)?[\]］]`,
    String.raw`[(（]${sourceList}[)）]`,
    String.raw`【${sourceList}(?:[^】\n\p{Nd}][^】\n]*)?】`,
  ].join('|'),
  'giu',
);
/** An opening that may yet become a marker; longer ones are text. */
const incompleteMarker =
  /[[(【［（](?:[\s\p{Cf}]*(?:s(?:o(?:u(?:r(?:c(?:e(?:s?[^\])】］）\n]*)?)?)?)?)?)?)?)?$/iu;
const maxMarkerLength = 120;
const numberRange = /(\d+)(?:\s*(?:[–—-]|to)\s*#?(\d+))?/g;

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
      passageNumbersIn(square ?? round ?? wide ?? '', passages)
        .map((number) => `[Source ${numberOf(number - 1)}]`)
        .join(''),
    );
  }

  return {
    push(text) {
      held += text;
      const start = incompleteMarker.exec(held)?.index ?? -1;
      const cut = start === -1 || held.length - start > maxMarkerLength ? held.length : start;
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
function passageNumbersIn(list: string, passages: number): number[] {
  return Array.from(list.replaceAll(/\p{Nd}/gu, toAsciiDigit).matchAll(numberRange)).flatMap(
    ([, from, to]) => {
      const [first, last] = [Number(from), Math.min(passages, Number(to ?? from))];
      return first < 1 || last < first ? [] : Array.from({ length: last - first + 1 }, (_, at) => first + at);
    },
  );
}

const decimalDigit = /^\p{Nd}$/u;

/** Every script has its ten digits in a row. */
function toAsciiDigit(written: string): string {
  const code = written.codePointAt(0) ?? 0;
  let value = 0;
  while (decimalDigit.test(String.fromCodePoint(code - value - 1))) value += 1;
  return String(value % 10);
}
