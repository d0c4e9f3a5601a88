import { stampPointId } from '../../collection/stamp.ts';
import { sectionPayload, type Section } from '../../collection/section.ts';

type PointPayload = Record<string, unknown>;

/** An earlier version lost these fields where they were null: `set payload` removes a key whose value is null. */
const nulls = { anchor: null, previous: null, next: null };

const legacyKeys = {
  text: ['content', 'text', 'page_content', 'chunk_text'],
  path: ['file_path', 'source_file', 'source', 'path', 'filepath', 'file'],
  title: ['title', 'chapter_title', 'chapter'],
  section: ['section', 'section_name', 'heading', 'section_title'],
  url: ['url', 'page_url', 'source_url'],
} as const;

/**
 * Converts a point to a section: our own as we wrote it, and a legacy one from the payload keys of the FastAPI server
 * this replaces and of similar servers. Null for the stamp and for points without text, which that server's chunker
 * often left.
 */
export function sectionFromPoint({
  id,
  payload,
  position,
}: {
  id: string | number;
  payload: PointPayload | null | undefined;
  /** Used where the payload has none. */
  position: number;
}): Section | null {
  if (payload === null || payload === undefined || payload['kind'] === 'stamp' || id === stampPointId)
    return null;
  const ours = payload['kind'] === 'section' ? sectionPayload.safeParse({ ...nulls, ...payload }) : null;
  if (ours?.success === true) return { id: String(id), ...ours.data };
  const content = firstText(payload, legacyKeys.text).trim();
  if (content === '') return null;
  const source = firstText(payload, legacyKeys.path)
    .replaceAll('\\', '/')
    .replace(/^\.?\//, '');
  const headings = headingsOf(payload);
  const url = legacyUrl(firstText(payload, legacyKeys.url), source);
  return {
    id: String(id),
    kind: 'section',
    content,
    title: firstText(payload, legacyKeys.title) || headings[0] || titleFrom(source),
    headings,
    url,
    anchor: url.includes('#') ? url.slice(url.indexOf('#') + 1) : null,
    source,
    lines: [1, 1],
    position,
    previous: null,
    next: null,
    hash: '',
    locale: '',
    version: '',
  };
}

function firstText(payload: PointPayload, keys: readonly string[]): string {
  for (const key of keys) {
    const value = payload[key];
    if (typeof value === 'string' && value.trim() !== '') return value;
  }
  return '';
}

function headingsOf(payload: PointPayload): string[] {
  const path = payload['heading_path'] ?? payload['headings'];
  if (Array.isArray(path))
    return path.filter((heading): heading is string => typeof heading === 'string' && heading !== '');
  const section = firstText(payload, legacyKeys.section);
  return section === '' ? [] : section.split(' > ');
}

/** The path on the site. Without a valid URL, a legacy point is linked by its file, as existing widgets do. */
function legacyUrl(url: string, source: string): string {
  const isAbsolute = /^https?:\/\//i.test(url);
  if (isAbsolute && URL.canParse(url)) {
    const parsed = new URL(url);
    return sitePath(`${parsed.pathname}${parsed.hash}`);
  }
  if (url !== '' && !isAbsolute) return sitePath(url);
  return `/${source.replace(/\.mdx?$/i, '')}`;
}

/** With one leading slash: after two, a browser would read a host. */
function sitePath(path: string): string {
  return `/${path.replace(/^[\\/]+/, '')}`;
}

function titleFrom(source: string): string {
  const name =
    source
      .split('/')
      .at(-1)
      ?.replace(/\.mdx?$/i, '') ?? '';
  return name.replace(/^\d+[-_.]\s*/, '').replaceAll(/[-_]+/g, ' ');
}
