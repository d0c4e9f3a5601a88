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
  /** Segments released so far: an opener's place counts from the first one ever added. */
  #released = 0;
  #openers: Opener[] = [];
  /** Openers before this one are too old. */
  #firstOpener = 0;
  /** Characters added so far. */
  #length = 0;

  /** The innermost open bracket. */
  get opener(): Opener | null {
    return this.#openers.length > this.#firstOpener ? (this.#openers.at(-1) ?? null) : null;
  }

  add(segment: Segment): void {
    this.#segments.push(segment);
    this.#length += segment.text.length;
    while (this.#length - (this.#openers[this.#firstOpener]?.offset ?? this.#length) > maxHeld)
      this.#firstOpener += 1;
  }

  /** To be called before the bracket itself is added. */
  open({ isImage, isAtLineStart, followsWord }: Omit<Opener, 'at' | 'offset'>): void {
    const at = this.#released + this.#segments.length;
    this.#openers.push({ at, offset: this.#length, isImage, isAtLineStart, followsWord });
  }

  /** The innermost bracket begins nothing any more. */
  close(): void {
    if (this.opener !== null) this.#openers.pop();
  }

  /** A bracket with the next two segments, enough to recognise a citation. */
  beginningOf({ at }: Opener): string {
    return [0, 1, 2].map((next) => this.#segments[at - this.#released + next]?.text ?? '').join('');
  }

  /** Takes the bracket away and returns how its label begins. */
  unwrap({ at }: Opener): string {
    const bracket = this.#segments[at - this.#released];
    if (bracket !== undefined) bracket.text = '';
    return this.#segments[at - this.#released + 1]?.text ?? '';
  }

  /** Everything before the first bracket that may still begin a link; neighbours of a kind are joined. */
  release(isEnd: boolean): Segment[] {
    if (isEnd) this.#firstOpener = this.#openers.length;
    if (this.#firstOpener > maxHeld) {
      this.#openers.splice(0, this.#firstOpener);
      this.#firstOpener = 0;
    }
    const oldest = this.#openers[this.#firstOpener];
    const count = (oldest?.at ?? this.#released + this.#segments.length) - this.#released;
    this.#released += count;
    const joined: Segment[] = [];
    for (const { kind, text } of this.#segments.splice(0, count)) {
      const last = joined.at(-1);
      if (last?.kind === kind && kind !== 'link') last.text += text;
      else joined.push({ kind, text });
    }
    return joined;
  }
}
