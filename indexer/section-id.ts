import { createHash } from 'node:crypto';
import { bareModel, documentText, textFormat } from '../server/collection/embedding.ts';
import { chunkerVersion } from '../server/collection/stamp.ts';

/** The UUID namespace of section ids: random, and never to be changed, because collections keep the ids. */
const namespace = Buffer.from('5d3f1b0a4c7e4f0e9a6b2c8d7e1f3a90', 'hex');

/** UUIDv5 (RFC 9562) of source, anchor and the chunk's number under that anchor. */
export function sectionId({
  source,
  anchor,
  ordinal,
}: {
  source: string;
  anchor: string | null;
  ordinal: number;
}): string {
  const name = `${source}\0${anchor ?? ''}\0${ordinal}`;
  const bytes = createHash('sha1').update(namespace).update(name).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** 32 hex digits that change if and only if the section has to be embedded again. */
export function sectionHash({
  section,
  embedder,
  recipe,
}: {
  section: { title: string; headings: readonly string[]; content: string };
  embedder: { model: string; dimensions: number };
  /** How it is enriched; absent where it is not. */
  recipe?: string | undefined;
}): string {
  const { dimensions } = embedder;
  const model = bareModel(embedder.model);
  const input = [
    documentText({ model, ...section }),
    model,
    dimensions,
    textFormat(model),
    chunkerVersion,
    ...(recipe === undefined ? [] : [recipe]),
  ].join('\0');
  return createHash('sha256').update(input).digest('hex').slice(0, 32);
}
