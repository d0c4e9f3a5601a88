/**
 * Renumbers `[Source N]` markers in a stream by first use, so that they match the list of sources, and drops markers
 * that name no passage. A marker may be split across chunks.
 */
export interface Citations {
  /** Returns the text that can be sent now. */
  push(text: string): string;
  /** Returns the text still buffered at the end of the answer. */
  end(): string;
  /** 0-based passage indices, in order of first citation. */
  cited(): number[];
}

/** Right-to-left text has invisible direction marks next to numbers. */
const invisible = String.raw`[\s\p{Cf}]*`;
const numberList = String.raw`[\p{Nd}\s\p{Cf},;，；、&#–—-]*`;
const sourceList = String.raw`${invisible}sources?${invisible}[:：#]?${invisible}(\p{Nd}${numberList}(?:(?:sources?|and|to)${numberList})*)`;
/**
 * `[Source 1]`, `[Sources 1, 3]`, `[Source 1, Source 3]`, `[source 2 and 4]`, `[Source 2-4]`, and with the model's own
 * words after the numbers, `[Source 1: Lidar]`. Also in full-width brackets and with any script's digits; in round
 * brackets only without words.
 */
const marker = new RegExp(
  [
    String.raw`[\[［]${sourceList}(?:[^\]］\n\p{Nd}][^\]］\n]*)?[\]］]`,
    String.raw`[(（]${sourceList}[)）]`,
    String.raw`【${sourceList}(?:[^】\n\p{Nd}][^】\n]*)?】`,
  ].join('|'),
  'giu',
);
/** The beginning of what may become a marker; if longer than `maxMarkerLength`, it is text. */
const incompleteMarker =
  /[[(【［（](?:[\s\p{Cf}]*(?:s(?:o(?:u(?:r(?:c(?:e(?:s?[^\])】］）\n]*)?)?)?)?)?)?)?)?$/iu;
const maxMarkerLength = 120;
const numberRange = /(\d+)(?:\s*(?:[–—-]|to)\s*#?(\d+))?/g;

/** `passages` is the number of passages that the model was given. */
export function createCitations({ passages }: { passages: number }): Citations {
  const order: number[] = [];
  let buffer = '';

  function numberOf(index: number): number {
    const position = order.indexOf(index);
    if (position !== -1) return position + 1;
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
      buffer += text;
      const start = incompleteMarker.exec(buffer)?.index ?? -1;
      const cut = start === -1 || buffer.length - start > maxMarkerLength ? buffer.length : start;
      const ready = buffer.slice(0, cut);
      buffer = buffer.slice(cut);
      return renumber(ready);
    },
    end() {
      const rest = buffer;
      buffer = '';
      return renumber(rest);
    },
    cited: () => [...order],
  };
}

/** The numbers that name a passage; `2-4` includes 3. */
function passageNumbersIn(list: string, passages: number): number[] {
  return Array.from(list.replaceAll(/\p{Nd}/gu, toAsciiDigit).matchAll(numberRange)).flatMap(
    ([, from, to]) => {
      const [first, last] = [Number(from), Math.min(passages, Number(to ?? from))];
      return first < 1 || last < first ? [] : Array.from({ length: last - first + 1 }, (_, at) => first + at);
    },
  );
}

const decimalDigit = /^\p{Nd}$/u;

/** The ten digits of every script are consecutive in Unicode. */
function toAsciiDigit(digit: string): string {
  const code = digit.codePointAt(0) ?? 0;
  let value = 0;
  while (decimalDigit.test(String.fromCodePoint(code - value - 1))) value += 1;
  return String(value % 10);
}
