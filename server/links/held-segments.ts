import type { Segment } from './address-filter.ts';

/** An opening bracket that may begin a link. */
export type Opener = {
  /** Its place among the held segments. */
  at: number;
  /** Its place in the text. */
  offset: number;
  isImage: boolean;
  isAtLineStart: boolean;
  followsWord: boolean;
};

/** CommonMark allows 999 characters in a label: an older bracket begins none. */
const maxHeld = 1000;

/** What is not sent yet, because an open bracket may turn out to begin a link. */
export class HeldSegments {
  #segments: Segment[] = [];
  #openers: Opener[] = [];
  /** Characters added so far. */
  #length = 0;

  /** The innermost open bracket. */
  get opener(): Opener | null {
    return this.#openers.at(-1) ?? null;
  }

  add(segment: Segment): void {
    this.#segments.push(segment);
    this.#length += segment.text.length;
    while (this.#length - (this.#openers[0]?.offset ?? this.#length) > maxHeld) this.#openers.shift();
  }

  /** To be called before the bracket itself is added. */
  open(opener: Omit<Opener, 'at' | 'offset'>): void {
    this.#openers.push({ ...opener, at: this.#segments.length, offset: this.#length });
  }

  /** The innermost bracket begins nothing any more. */
  close(): void {
    this.#openers.pop();
  }

  /** A bracket with the next two segments, enough to recognise a citation. */
  beginningOf({ at }: Opener): string {
    return this.#segments
      .slice(at, at + 3)
      .map(({ text }) => text)
      .join('');
  }

  /** Takes the bracket away and returns how its label begins. */
  unwrap({ at }: Opener): string {
    const bracket = this.#segments[at];
    if (bracket !== undefined) bracket.text = '';
    return this.#segments[at + 1]?.text ?? '';
  }

  /** Everything before the first bracket that may still begin a link. */
  release(isEnd: boolean): Segment[] {
    if (isEnd) this.#openers = [];
    const count = this.#openers[0]?.at ?? this.#segments.length;
    for (const opener of this.#openers) opener.at -= count;
    return this.#segments.splice(0, count);
  }
}
