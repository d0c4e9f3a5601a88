import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The folder of the sample book: beside the bundle, or in `sandbox/` of a checkout. Throws where it is missing. */
export function sampleBookFolder(): string {
  const folders = ['./book', '../book'].map((path) => fileURLToPath(new URL(path, import.meta.url)));
  const folder = folders.find((path) => existsSync(path));
  if (folder === undefined) throw new Error(`The sample book is missing: ${folders[0]} should hold it.`);
  return folder;
}
