import { Parser as HtmlParser } from 'htmlparser2';
import { z } from 'zod';
import { readsIn } from './reads.ts';
import { scriptsInPage, sourceFile, type SourceFile } from './trace/source.ts';
import { keyOf, walk, type Node } from './trace/syntax.ts';

/** A text in a script or in a page’s markup, and the key that it stands under. */
export type Said = {
  text: string;
  key: string | null;
  /** The entry of Docusaurus’s `customFields` that it belongs to: Docusaurus puts all of them into the pages. */
  field: string | null;
};

/** What a browser is told by one script. */
export type Spoken = {
  url: string;
  said: readonly Said[];
  /** Variables of the build that are read and not filled in. */
  left: readonly string[];
  /** The script without its `customFields`. */
  rest: string;
};

/** Null where it is no script that can be read. */
export function spokenIn({ url, text }: { url: string; text: string }): Spoken | null {
  const file = sourceFile(url, text, { isBuilt: true });
  return file === null ? null : { url, ...heardIn(file) };
}

/** A page’s own scripts, data and attributes. */
export function spokenInPage({ url, html }: { url: string; html: string }): Spoken {
  const file = sourceFile(url, scriptsInPage(html), { isBuilt: true });
  const own = file === null ? { said: [], left: [], rest: '' } : heardIn(file);
  return { url, ...own, said: [...own.said, ...inMarkup(html)] };
}

function heardIn(file: SourceFile): Omit<Spoken, 'url'> {
  const said: Said[] = [];
  const blocks: { start: number; end: number }[] = [];
  walk(file.program, (node) => {
    if (node.type === 'Property' && keyOf(node) === 'customFields') blocks.push(node.value);
    const text = textOf(node);
    if (text === null) return;
    const place = placeOf(file, node);
    said.push({ text, ...place }, ...inJson(text));
  });
  const left = readsIn(file).flatMap(({ kind, name }) => (kind === 'process-env' ? [name] : []));
  const rest = blocks.reduceRight(
    (text, { start, end }) => text.slice(0, start) + text.slice(end),
    file.text,
  );
  return { said, left, rest };
}

/** The whole of a string, or what a template begins with. */
function textOf(node: Node): string | null {
  if (node.type === 'Literal') return typeof node.value === 'string' ? node.value : null;
  return node.type === 'TemplateLiteral' ? (node.quasis[0]?.value.cooked ?? null) : null;
}

function placeOf(file: SourceFile, node: Node): Omit<Said, 'text'> {
  let key: string | null = null;
  let below: string | null = null;
  for (let at = file.scopes.parentOf(node); at !== undefined; at = file.scopes.parentOf(at)) {
    if (at.type !== 'Property') continue;
    const name = keyOf(at);
    if (name === 'customFields') return { key, field: below };
    key ??= name;
    below = name;
  }
  return { key, field: null };
}

/** A bundler’s `JSON.parse('…')`, a framework’s data, or Next’s rows of it (`5:["$","div",…]`): the texts in it. */
function inJson(text: string): Said[] {
  return text.split(/\n(?=[0-9a-f]+:)/).flatMap((row) => {
    const [data] = /(?<=^\s*(?:[0-9a-f]+:)?)[[{][\s\S]*$/.exec(row) ?? [];
    if (data === undefined) return [];
    try {
      return saidIn(JSON.parse(data), { key: null, field: null, isField: false });
    } catch {
      return [];
    }
  });
}

const record = z.record(z.string(), z.unknown());

function saidIn(value: unknown, of: Omit<Said, 'text'> & { isField: boolean }): Said[] {
  if (typeof value === 'string') return [{ text: value, key: of.key, field: of.field }];
  if (Array.isArray(value)) return value.flatMap((one) => saidIn(one, of));
  return Object.entries(record.safeParse(value).data ?? {}).flatMap(([key, one]) =>
    saidIn(one, { key, field: of.isField ? key : of.field, isField: key === 'customFields' }),
  );
}

const linking = /^(?:href|src|srcset|action|cite|poster)$/;

function inMarkup(html: string): Said[] {
  const said: Said[] = [];
  let isData = false;
  const parser = new HtmlParser({
    onopentag: (name, attributes) => {
      isData = name === 'script' && /json/.test(attributes['type'] ?? '');
      for (const [key, text] of Object.entries(attributes))
        if (!linking.test(key)) said.push({ text, key, field: null });
    },
    ontext: (text) => {
      if (isData) said.push(...inJson(text));
    },
    onclosetag: () => {
      isData = false;
    },
  });
  parser.end(html);
  return said;
}
