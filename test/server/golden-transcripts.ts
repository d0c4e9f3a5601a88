/** The recorded raw HTTP of the FastAPI server this replaces; absent from a checkout without the shared folder. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export type Transcript = {
  /** Null where only the body was recorded. */
  status: number | null;
  headers: Readonly<Record<string, string>>;
  body: string;
};

const path = fileURLToPath(new URL('../../../shared/reference/golden-transcripts.txt', import.meta.url));

/** By title, in the order of the file; null where the file is missing. */
export function readTranscripts(): Map<string, Transcript> | null {
  if (!existsSync(path)) return null;
  const [, ...parts] = readFileSync(path, 'utf8').split(/^--- /m);
  return new Map(
    parts.map((part) => {
      const end = part.indexOf('\n');
      return [part.slice(0, end), transcriptOf(part.slice(end + 1))] as const;
    }),
  );
}

function transcriptOf(text: string): Transcript {
  if (!text.startsWith('HTTP/')) return { status: null, headers: {}, body: text };
  const [head = '', ...rest] = text.split('\n\n');
  const [first = '', ...lines] = head.split('\n');
  const headers = lines.map((line) => {
    const colon = line.indexOf(': ');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 2)] as const;
  });
  return {
    status: Number(first.split(' ')[1]),
    headers: Object.fromEntries(headers),
    body: rest.join('\n\n'),
  };
}

const knownKeys = new Set(['type', 'content', 'sources', 'conversation_id', 'file', 'heading', 'similarity']);
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Masks ids, scores, and the two places where `file` and `done` may contain more than before. */
export function masked(key: string, value: unknown): unknown {
  if (typeof value === 'string' && uuid.test(value)) return 'an id';
  if (key === 'similarity') return 'a score';
  return key === 'file' && typeof value === 'string' ? value.replaceAll('\\', '/') : value;
}

/** An event stream byte by byte, except for comments, the keys that we add, and what is masked. */
export function plainStream(body: string): string {
  const lines = body.split('\n').map((line) => {
    if (!line.startsWith('data: ')) return line;
    const event = JSON.parse(line.slice(6), masked) as Record<string, unknown>;
    if (event['type'] === 'done') event['conversation_id'] = null;
    return `data: ${JSON.stringify(event, (key, value: unknown) =>
      key === '' || /^\d+$/.test(key) || knownKeys.has(key) ? value : undefined,
    )}`;
  });
  return lines.join('\n').replaceAll(': keep-alive\n\n', '').trimEnd();
}

export const eventsOf = (body: string): Record<string, unknown>[] =>
  body
    .split('\n')
    .flatMap((line) =>
      line.startsWith('data: ') ? [JSON.parse(line.slice(6)) as Record<string, unknown>] : [],
    );
