import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** A readable sequence; an array is one. */
export type Sequence<T> = Iterable<T> & {
  readonly length: number;
  at(index: number): T | undefined;
};

const emptyPack = new Uint8Array();

/** Little working memory for each pack; the compression ratio hardly matters. */
const deflateOptions = { level: 1, memLevel: 5, chunkSize: 4096 };

/**
 * A list that keeps its values in compressed buffers outside of the V8 heap: a book's text, kept as strings among the
 * garbage of its parsing, makes the heap grow to many times its size. Values go through JSON; reading returns a copy.
 */
export class CompressedList<T> implements Sequence<T> {
  readonly #itemsPerPack: number;
  readonly #packs: Uint8Array[] = [];
  /** The last values, not compressed yet. */
  #tail: T[] = [];
  /** The pack that was read last. */
  #unpacked: { index: number; values: T[] } = { index: -1, values: [] };

  /** `itemsPerPack` values are compressed together: few for random access, more for iteration. */
  constructor(itemsPerPack: number) {
    this.#itemsPerPack = itemsPerPack;
  }

  get length(): number {
    return this.#packs.length * this.#itemsPerPack + this.#tail.length;
  }

  push(value: T): void {
    this.#tail.push(value);
    if (this.#tail.length < this.#itemsPerPack) return;
    // Copied: deflate returns a slice of a larger chunk, and a Buffer's copy may share a pool; either would be retained.
    this.#packs.push(new Uint8Array(deflateRawSync(JSON.stringify(this.#tail), deflateOptions)));
    this.#tail = [];
  }

  at(index: number): T | undefined {
    const pack = Math.floor(index / this.#itemsPerPack);
    return this.#valuesOf(pack)[index - pack * this.#itemsPerPack];
  }

  /** Like `at`, and frees the pack of the value: for reading each value once. */
  take(index: number): T | undefined {
    const value = this.at(index);
    const pack = Math.floor(index / this.#itemsPerPack);
    if (this.#packs[pack] !== undefined) this.#packs[pack] = emptyPack;
    this.#unpacked = { index: -1, values: [] };
    return value;
  }

  *[Symbol.iterator](): Generator<T> {
    for (let pack = 0; pack <= this.#packs.length; pack++) yield* this.#valuesOf(pack);
  }

  #valuesOf(index: number): readonly T[] {
    const packed = this.#packs[index];
    if (packed === undefined) return index === this.#packs.length ? this.#tail : [];
    if (this.#unpacked.index !== index)
      this.#unpacked = { index, values: JSON.parse(inflateRawSync(packed).toString()) as T[] };
    return this.#unpacked.values;
  }
}
