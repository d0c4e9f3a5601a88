import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** What can be looked through and looked up; an array is one. */
export type Sequence<T> = Iterable<T> & {
  readonly length: number;
  at(index: number): T | undefined;
};

const emptyPack = new Uint8Array();

/** Little memory for each pack; its size hardly matters. */
const deflateOptions = { level: 1, memLevel: 5, chunkSize: 4096 };

/**
 * Keeps plain values packed, outside of the collector's heap: a book's text that lives among the garbage of its
 * parsing makes the heap grow to many times its size. What is taken out is a copy. Values go through JSON.
 */
export class CompressedList<T> implements Sequence<T> {
  readonly #perPack: number;
  readonly #packs: Uint8Array[] = [];
  #open: T[] = [];
  /** The pack that was looked into last. */
  #unpacked: { index: number; values: T[] } = { index: -1, values: [] };

  /** `perPack` values are packed together: few for looking up, more for looking through. */
  constructor(perPack: number) {
    this.#perPack = perPack;
  }

  get length(): number {
    return this.#packs.length * this.#perPack + this.#open.length;
  }

  push(value: T): void {
    this.#open.push(value);
    if (this.#open.length < this.#perPack) return;
    // A copy of its own: what is given back is the beginning of a whole chunk, and a Buffer's copy may be part of a
    // larger one, all of which it would keep.
    this.#packs.push(new Uint8Array(deflateRawSync(JSON.stringify(this.#open), deflateOptions)));
    this.#open = [];
  }

  at(index: number): T | undefined {
    const pack = Math.floor(index / this.#perPack);
    return this.#valuesOf(pack)[index - pack * this.#perPack];
  }

  /** As `at`, and gives up the memory of all that is packed with it: to be asked for once. */
  take(index: number): T | undefined {
    const value = this.at(index);
    const pack = Math.floor(index / this.#perPack);
    if (this.#packs[pack] !== undefined) this.#packs[pack] = emptyPack;
    this.#unpacked = { index: -1, values: [] };
    return value;
  }

  *[Symbol.iterator](): Generator<T> {
    for (let pack = 0; pack <= this.#packs.length; pack++) yield* this.#valuesOf(pack);
  }

  #valuesOf(index: number): readonly T[] {
    const packed = this.#packs[index];
    if (packed === undefined) return index === this.#packs.length ? this.#open : [];
    if (this.#unpacked.index !== index)
      this.#unpacked = { index, values: JSON.parse(inflateRawSync(packed).toString()) as T[] };
    return this.#unpacked.values;
  }
}
