/** Right-to-left text has invisible direction marks next to numbers. */
const invisible = String.raw`[\s\p{Cf}]{0,20}`;
const numberList = String.raw`[\p{Nd}\s\p{Cf},;，；、&#–—-]{0,80}`;
const sourceList = String.raw`${invisible}sources?${invisible}[:：#]?${invisible}(\p{Nd}${numberList}(?:(?:sources?|and|to)${numberList}){0,20})`;
/**
 * `[Source 1]`, `[Sources 1, 3]`, `[Source 1, Source 3]`, `[source 2 and 4]`, `[Source 2-4]`, and with the model's own
 * words after the numbers, `[Source 1: Lidar]`. Also in full-width brackets and with any script's digits; in round
 * brackets only without words.
 */
const markerForms = [
  String.raw`[\[［]${sourceList}(?:[^\]］\n\p{Nd}][^\]］\n]{0,120})?[\]］]`,
  String.raw`[(（]${sourceList}[)）]`,
  String.raw`【${sourceList}(?:[^】\n\p{Nd}][^】\n]{0,120})?】`,
];
const marker = new RegExp(markerForms.join('|'), 'giu');
/** The beginning of what may become a marker; if longer than `maxMarkerLength`, it is text. */
const incompleteMarker =
  /[[(【［（](?:[\s\p{Cf}]*(?:s(?:o(?:u(?:r(?:c(?:e(?:s?[^\])】］）\n]*)?)?)?)?)?)?)?)?$/iu;
const maxMarkerLength = 120;
/** Held back with it, because they go if the marker goes. */
const heldBack = /[\s(（]{1,20}$/u;
const emptyBrackets = /\s?[(（]\s?[)）]/gu;
const maxWordLength = 40;

/** Words whose sentence needs an object after them: “see [Source 9].” becomes “see the book.” */
const objects: readonly { words: ReadonlySet<string>; noun: string }[] = [
  {
    words: new Set('see in from to by per of with and or at on under via cf within consult read'.split(' ')),
    noun: 'the book',
  },
  { words: new Set('siehe laut nach aus'.split(' ')), noun: 'dem Buch' },
  { words: new Set('véase según consulte'.split(' ')), noun: 'el libro' },
  { words: new Set('voir selon consultez'.split(' ')), noun: 'le livre' },
];

/** What replaces a marker that names no passage, after this text; null where the sentence is whole without it. */
function objectAfter(text: string): string | null {
  const word = /([\p{L}]+)[\s(（]*$/u.exec(text)?.[1]?.toLowerCase() ?? '';
  return objects.find(({ words }) => words.has(word))?.noun ?? null;
}

const numberRange = /(\d+)(?:\s*(?:[–—-]|to)\s*#?(\d+))?/g;

/**
 * Renumbers `[Source N]` markers in a stream by first use, so that they match the list of sources, and drops markers
 * that name no passage. A marker may be split across chunks.
 */
export class Citations {
  readonly #passages: number;
  readonly #order: number[] = [];
  #buffer = '';
  #sent = '';

  /** `passages` is the number of passages that the model was given. */
  constructor({ passages }: { passages: number }) {
    this.#passages = passages;
  }

  /** Returns the text that can be sent now. */
  push(text: string): string {
    const buffer = this.#buffer + text;
    const tail = buffer.slice(-maxMarkerLength);
    const open = incompleteMarker.exec(tail)?.index ?? tail.length;
    const isMarker = open < tail.length;
    const start = buffer.length - tail.length + open;
    const blanks = isMarker
      ? (heldBack.exec(buffer.slice(Math.max(0, start - 20), start))?.[0].length ?? 0)
      : 0;
    const ready = buffer.slice(0, start - blanks);
    this.#buffer = buffer.slice(ready.length);
    return this.#renumber(ready);
  }

  /** Returns the text still buffered at the end of the answer. */
  end(): string {
    const rest = this.#buffer;
    this.#buffer = '';
    return this.#renumber(rest);
  }

  /** 0-based passage indices, in order of first citation. */
  cited(): number[] {
    return [...this.#order];
  }

  #numberOf(index: number): number {
    const position = this.#order.indexOf(index);
    if (position !== -1) return position + 1;
    this.#order.push(index);
    return this.#order.length;
  }

  #renumber(text: string): string {
    const parts: string[] = [];
    let at = 0;
    for (const { index, 0: whole, 1: square, 2: round, 3: wide } of text.matchAll(marker)) {
      parts.push(text.slice(at, index));
      at = index + whole.length;
      const numbers = passageNumbersIn(square ?? round ?? wide ?? '', this.#passages);
      const recent = this.#sent + parts.slice(-3).join('').slice(-maxWordLength);
      const noun = objectAfter(recent.slice(-maxWordLength));
      if (numbers.length > 0)
        parts.push(numbers.map((number) => `[Source ${this.#numberOf(number - 1)}]`).join(''));
      // The space before a dropped marker goes with it.
      else if (noun === null) parts.push((parts.pop() ?? '').trimEnd());
      else parts.push(noun);
    }
    parts.push(text.slice(at));
    const result = parts.join('').replaceAll(emptyBrackets, '');
    this.#sent = (this.#sent + result.slice(-maxWordLength)).slice(-maxWordLength);
    return result;
  }
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
