import type { Book } from '../../indexer/book.ts';
import type { CollectionState, PassageStore } from '../../server/collection/ports.ts';
import type { FrontendVariable } from '../clients/vercel-schemas.ts';
import type { HostedSettings } from '../hosting/hosted-settings.ts';

/** The collection that the book goes to. */
export type BookCollection = {
  store: PassageStore;
  state: CollectionState;
  /** True when another tool owns the wanted name, so that this one is numbered and that one is left alone. */
  isBeside: boolean;
};

type Load<T> = () => Promise<T>;

/** One value that is loaded at the first read and kept until it is invalidated. A load that fails is not kept. */
class RemoteValue<T> {
  #value: Promise<T> | null = null;

  read(load: Load<T>): Promise<T> {
    if (this.#value !== null) return this.#value;
    const loading = load();
    this.#value = loading;
    loading.catch(() => {
      if (this.#value === loading) this.#value = null;
    });
    return loading;
  }

  invalidate(): void {
    this.#value = null;
  }
}

/**
 * What a run has read from outside and may rely on until it changes it itself. A context carries it, so a context with
 * other settings shares it, and one that must see everything afresh gets a new one.
 */
export class RemoteState {
  readonly #values = {
    book: new RemoteValue<Book | null>(),
    bookJson: new RemoteValue<string | null>(),
    collection: new RemoteValue<BookCollection>(),
    serverUrl: new RemoteValue<string | null>(),
    hostedSettings: new RemoteValue<HostedSettings>(),
    productionHosts: new RemoteValue<readonly string[]>(),
    frontendVariables: new RemoteValue<readonly FrontendVariable[]>(),
  };
  readonly #spaceFiles = new Map<string, RemoteValue<string | null>>();

  /** The book that is to be indexed; null when indexing is not wanted. */
  book(load: Load<Book | null>): Promise<Book | null> {
    return this.#values.book.read(load);
  }

  /** `book.json` as the Space is to have it. */
  bookJson(load: Load<string | null>): Promise<string | null> {
    return this.#values.bookJson.read(load);
  }

  collection(load: Load<BookCollection>): Promise<BookCollection> {
    return this.#values.collection.read(load);
  }

  /** Origin of the server; null while it has none. */
  serverUrl(load: Load<string | null>): Promise<string | null> {
    return this.#values.serverUrl.read(load);
  }

  hostedSettings(load: Load<HostedSettings>): Promise<HostedSettings> {
    return this.#values.hostedSettings.read(load);
  }

  /** Hosts that serve the frontend's production. */
  productionHosts(load: Load<readonly string[]>): Promise<readonly string[]> {
    return this.#values.productionHosts.read(load);
  }

  /** The Vercel project's variables as the questions found them; the steps read them again. */
  frontendVariables(load: Load<readonly FrontendVariable[]>): Promise<readonly FrontendVariable[]> {
    return this.#values.frontendVariables.read(load);
  }

  /** A text file of the Space; null when it has none of that name. */
  spaceFile(path: string, load: Load<string | null>): Promise<string | null> {
    const file = this.#spaceFiles.get(path) ?? new RemoteValue<string | null>();
    this.#spaceFiles.set(path, file);
    return file.read(load);
  }

  /** For what this run is about to change, or must see as it is now. */
  invalidate(name: 'collection' | 'serverUrl' | 'hostedSettings'): void {
    this.#values[name].invalidate();
  }
}
