import { join } from 'node:path';
import type { PayloadContent } from '../hosting.ts';
import {
  payloadFile,
  payloadOf,
  readShippedFile,
  type PayloadFile,
  type ServerPayload,
} from '../server-payload.ts';
import { regionNear } from './region.ts';

const output = '.vercel/output/';
const folder = `${output}functions/index.func/`;
export const bookPath = `${folder}book.json`;

/** Seconds: an answer may take two minutes. */
const maxDuration = 180;
/** Bytes; a larger book is searched in Qdrant alone, because it is loaded at every cold start. */
const maxBookBytes = 12_000_000;

/** The server, and the part of it that is loaded when a program first asks for it, which is the Space's too. */
const shippedFiles = [
  { name: 'server.js', isSpaces: false },
  { name: 'mcp.js', isSpaces: true },
] as const;

/** Every path leads to the one function. */
const routes = { version: 3, routes: [{ src: '/(.*)', dest: '/index' }] };

/**
 * The files of a prebuilt deployment: https://vercel.com/docs/build-output-api
 *
 * @param options.place `ACCOUNT/PROJECT`.
 * @param options.region where it runs when the database's place is not known.
 * @throws Failure `payload-missing` when the package is incomplete.
 */
export async function buildFunctionPayload(
  content: PayloadContent,
  { place, region }: { place: string; region: string },
): Promise<ServerPayload> {
  const { databaseHost, bookJson, title } = content;
  const code = await Promise.all(
    shippedFiles.map(async ({ name, isSpaces }) => {
      const from = isSpaces ? content.folder : join(content.folder, '..', 'function');
      return payloadFile(`${folder}${name}`, await readShippedFile(from, name));
    }),
  );
  const config = {
    runtime: 'nodejs22.x',
    handler: 'server.js',
    launcherType: 'Nodejs',
    shouldAddHelpers: false,
    supportsResponseStreaming: true,
    maxDuration,
    regions: [databaseHost === null ? region : regionNear(databaseHost)],
    environment: { BOOK_TITLE: title, HOSTING_PROJECT: place },
  };
  const files = [
    payloadFile(`${output}config.json`, Buffer.from(JSON.stringify(routes))),
    payloadFile(`${folder}.vc-config.json`, Buffer.from(JSON.stringify(config))),
    ...code,
  ];
  const book = bookJson === null ? null : bookFile(bookJson);
  return payloadOf(book === null ? files : [...files, book]);
}

/** The book beside the server; null where it is too large for that. */
export function bookFile(bookJson: string): PayloadFile | null {
  const content = Buffer.from(bookJson);
  return content.length <= maxBookBytes ? payloadFile(bookPath, content) : null;
}
