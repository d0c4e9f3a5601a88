import { Parser as HtmlParser } from 'htmlparser2';
import { z } from 'zod';
import { envReferencesIn } from '../detect-api-url/url-source.ts';
import { scriptsInPage, parseSourceFile, type SourceFile } from '../../../javascript/source-file.ts';
import { propertyKey, walk, type Node } from '../../../javascript/parse.ts';

/** A text in a script or in a page’s markup, and the key that it stands under. */
export type StringLiteral = {
  text: string;
  key: string | null;
  /** The entry of Docusaurus’s `customFields` that it belongs to: Docusaurus puts all of them into the pages. */
  field: string | null;
};

/** What a browser is told by one script. */
export type ScriptStrings = {
  url: string;
  said: readonly StringLiteral[];
  /** Variables of the build that are read and not filled in. */
  left: readonly string[];
  /** The script without its `customFields`. */
  rest: string;
};

/** Null where it is no script that can be read. */
export function readScript({ url, text }: { url: string; text: string }): ScriptStrings | null {
  const file = parseSourceFile(url, text, { isBuilt: true });
  return file === null ? null : { url, ...stringsInFile(file) };
}

/** A page’s own scripts, data and attributes. */
export function readInlineScripts({ url, html }: { url: string; html: string }): ScriptStrings {
  const file = parseSourceFile(url, scriptsInPage(html), { isBuilt: true });
  const own = file === null ? { said: [], left: [], rest: '' } : stringsInFile(file);
  return { url, ...own, said: [...own.said, ...stringsInMarkup(html)] };
}

function stringsInFile(file: SourceFile): Omit<ScriptStrings, 'url'> {
  const said: StringLiteral[] = [];
  const blocks: { start: number; end: number }[] = [];
  walk(file.program, (node) => {
    if (node.type === 'Property' && propertyKey(node) === 'customFields') blocks.push(node.value);
    const text = textOf(node);
    if (text === null) return;
    const place = keyAndFieldOf(file, node);
    said.push({ text, ...place }, ...stringsInJson(text));
  });
  const left = envReferencesIn(file).flatMap(({ kind, name }) => (kind === 'process-env' ? [name] : []));
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

function keyAndFieldOf(file: SourceFile, node: Node): Omit<StringLiteral, 'text'> {
  let key: string | null = null;
  let below: string | null = null;
  for (let at = file.scopes.parentOf(node); at !== undefined; at = file.scopes.parentOf(at)) {
    if (at.type !== 'Property') continue;
    const name = propertyKey(at);
    if (name === 'customFields') return { key, field: below };
    key ??= name;
    below = name;
  }
  return { key, field: null };
}

/** A bundler’s `JSON.parse('…')`, a framework’s data, or Next’s rows of it (`5:["$","div",…]`): the texts in it. */
function stringsInJson(text: string): StringLiteral[] {
  return text.split(/\n(?=[0-9a-f]+:)/).flatMap((row) => {
    const [data] = /(?<=^\s*(?:[0-9a-f]+:)?)[[{][\s\S]*$/.exec(row) ?? [];
    if (data === undefined) return [];
    try {
      return stringsInValue(JSON.parse(data), { key: null, field: null, isField: false });
    } catch {
      return [];
    }
  });
}

const record = z.record(z.string(), z.unknown());

function stringsInValue(
  value: unknown,
  of: Omit<StringLiteral, 'text'> & { isField: boolean },
): StringLiteral[] {
  if (typeof value === 'string') return [{ text: value, key: of.key, field: of.field }];
  if (Array.isArray(value)) return value.flatMap((one) => stringsInValue(one, of));
  return Object.entries(record.safeParse(value).data ?? {}).flatMap(([key, one]) =>
    stringsInValue(one, { key, field: of.isField ? key : of.field, isField: key === 'customFields' }),
  );
}

const linkAttributes = /^(?:href|src|srcset|action|cite|poster)$/;

function stringsInMarkup(html: string): StringLiteral[] {
  const said: StringLiteral[] = [];
  let isData = false;
  const parser = new HtmlParser({
    onopentag: (name, attributes) => {
      isData = name === 'script' && /json/.test(attributes['type'] ?? '');
      for (const [key, text] of Object.entries(attributes))
        if (!linkAttributes.test(key)) said.push({ text, key, field: null });
    },
    ontext: (text) => {
      if (isData) said.push(...stringsInJson(text));
    },
    onclosetag: () => {
      isData = false;
    },
  });
  parser.end(html);
  return said;
}
