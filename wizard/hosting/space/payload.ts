import type { PayloadContent } from '../hosting.ts';
import { payloadFile, payloadOf, readShippedFile, type ServerPayload } from '../server-payload.ts';

/** The exact list: nothing else is read from the folder, so nothing else can leak into a Space. */
export const shippedFiles = [
  'Dockerfile',
  'LICENSE',
  'THIRD-PARTY-LICENCES.txt',
  'README.md',
  'server.js',
  'server.js.map',
  'mcp.js',
] as const;
/** Every file of a Space that this tool writes. */
export const serverFiles: readonly string[] = [...shippedFiles, 'book.json'];
const template = 'README.md';

/**
 * All files that the Space gets: `README.md` filled in, and `book.json` when there is a book.
 *
 * @throws Failure `payload-missing` when the folder lacks a file: the package is incomplete.
 */
export async function buildPayload({
  folder,
  bookJson,
  title,
  frontend,
  version,
}: PayloadContent): Promise<ServerPayload> {
  const files = await Promise.all(
    shippedFiles.map(async (path) => {
      const content = await readShippedFile(folder, path);
      const fill = { title, frontend, version };
      return payloadFile(
        path,
        path === template ? Buffer.from(fillTemplate(content.toString('utf8'), fill)) : content,
      );
    }),
  );
  if (bookJson !== null) files.push(payloadFile('book.json', Buffer.from(bookJson)));
  return payloadOf(files);
}

/** Values in the YAML front matter are quoted, because a title may contain a colon. */
function fillTemplate(text: string, fill: Readonly<Record<string, string>>): string {
  const clean = (name: string): string => (fill[name] ?? '').replaceAll(/\s+/g, ' ').trim();
  return text
    .replaceAll(/^(\w+): \{\{(\w+)\}\}$/gm, (whole, key: string, name: string) =>
      name in fill ? `${key}: ${JSON.stringify(clean(name))}` : whole,
    )
    .replaceAll(/\{\{(\w+)\}\}/g, (whole, name: string) => (name in fill ? clean(name) : whole));
}
