import { posix } from 'node:path';

/** A file to copy: `within` is its path in the copied folder, null when the file itself was named. */
export type SourceMatch = { path: string; within: string | null; content: Buffer };

/** The files of a build's context, matched as COPY does: a file, a folder, or a pattern with `*` and `?`. */
export class SourceTree {
  readonly #files: ReadonlyMap<string, Buffer>;

  constructor(files: ReadonlyMap<string, Buffer>) {
    this.#files = files;
  }

  match(pattern: string): SourceMatch[] {
    const path = posix.normalize(pattern).replace(/^\/+|\/+$/g, '');
    if (path === '.' || path === '') return this.#under('');
    const file = this.#files.get(path);
    if (file !== undefined) return [{ path, within: null, content: file }];
    const folder = this.#under(`${path}/`);
    if (folder.length > 0 || !/[*?]/.test(path)) return folder;
    const glob = new RegExp(
      `^${path
        .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
        .replaceAll('*', '[^/]*')
        .replaceAll('?', '[^/]')}$`,
    );
    return [...this.#files]
      .filter(([name]) => glob.test(name))
      .map(([name, content]) => ({ path: name, within: null, content }));
  }

  #under(prefix: string): SourceMatch[] {
    return [...this.#files]
      .filter(([path]) => path.startsWith(prefix))
      .map(([path, content]) => ({ path, within: path.slice(prefix.length), content }));
  }
}
