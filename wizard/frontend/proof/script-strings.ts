import { Parser as HtmlParser } from 'htmlparser2';
import * as z from 'zod';
import { inlineScripts } from '../../../javascript/inline-scripts.ts';
import { propertyKey } from '../../../javascript/names.ts';
import { parseSourceFile, type SourceFile } from '../../../javascript/source-file.ts';
import type { Node } from '../../../javascript/syntax-tree.ts';
import { urlSourcesIn } from '../url-source.ts';

/** A string in a script, in data or in markup, and the key that it is the value of. */
export type StringLiteral = {
  text: string;
  key: string | null;
  /** The entry of Docusaurus's `customFields` that contains it. Docusaurus puts all of them into the pages. */
  field: string | null;
};

/** The strings of one script of a deployed page. */
export type ScriptStrings = {
  url: string;
  strings: readonly StringLiteral[];
  /** Variables of the build that are read and were not replaced. */
  unfilledVariables: readonly string[];
  /** The script without its `customFields`. */
  code: string;
};

/** The strings of a script; null when it does not parse. */
export function readScript({ url, text }: { url: string; text: string }): ScriptStrings | null {
  const file = parseSourceFile(url, text, { isBundle: true });
  return file === null ? null : stringsInFile(file);
}

/** The strings of a page's inline scripts, its data and its attributes. */
export function readInlineScripts({ url, html }: { url: string; html: string }): ScriptStrings {
  const scripts = readScript({ url, text: inlineScripts(html) });
  const empty = { url, strings: [], unfilledVariables: [], code: '' };
  const own = scripts ?? empty;
  return { ...own, strings: [...own.strings, ...stringsInMarkup(html)] };
}

function stringsInFile(file: SourceFile): ScriptStrings {
  const strings: StringLiteral[] = [];
  const fieldBlocks: Node[] = [];
  for (const { node } of file.nodes) {
    if (node.type === 'Property' && propertyKey(node) === 'customFields') fieldBlocks.push(node.value);
    const text = literalText(node);
    if (text !== null) strings.push({ text, ...keyAndFieldOf(file, node) }, ...stringsInJson(text));
  }
  const variables = urlSourcesIn(file).filter(({ kind }) => kind === 'process-env');
  return {
    url: file.path,
    strings,
    unfilledVariables: variables.map(({ name }) => name),
    code: fieldBlocks.reduceRight(
      (text, { start, end }) => text.slice(0, start) + text.slice(end),
      file.text,
    ),
  };
}

/** A whole string, or what a template begins with. */
function literalText(node: Node): string | null {
  if (node.type === 'Literal') return typeof node.value === 'string' ? node.value : null;
  return node.type === 'TemplateLiteral' ? (node.quasis[0]?.value.cooked ?? null) : null;
}

function keyAndFieldOf({ scopes }: SourceFile, node: Node): Pick<StringLiteral, 'key' | 'field'> {
  let key: string | null = null;
  let innerKey: string | null = null;
  for (let parent = scopes.parentOf(node); parent !== undefined; parent = scopes.parentOf(parent)) {
    if (parent.type !== 'Property') continue;
    const name = propertyKey(parent);
    if (name === 'customFields') return { key, field: innerKey };
    key ??= name;
    innerKey = name;
  }
  return { key, field: null };
}

/** The strings in a bundler's `JSON.parse('…')`, a framework's data, or Next's rows of it (`5:["$","div",…]`). */
function stringsInJson(text: string): StringLiteral[] {
  return text.split(/\n(?=[0-9a-f]+:)/).flatMap((row) => {
    const [json] = /(?<=^\s*(?:[0-9a-f]+:)?)[[{][\s\S]*$/.exec(row) ?? [];
    if (json === undefined) return [];
    try {
      return stringsInValue(JSON.parse(json), { key: null, field: null, isField: false });
    } catch {
      return [];
    }
  });
}

const recordSchema = z.record(z.string(), z.unknown());

/** `isField` is true for the object of `customFields` itself, whose keys are the fields. */
function stringsInValue(
  value: unknown,
  parent: { key: string | null; field: string | null; isField: boolean },
): StringLiteral[] {
  if (typeof value === 'string') return [{ text: value, key: parent.key, field: parent.field }];
  if (Array.isArray(value)) return value.flatMap((element) => stringsInValue(element, parent));
  return Object.entries(recordSchema.safeParse(value).data ?? {}).flatMap(([key, entry]) =>
    stringsInValue(entry, {
      key,
      field: parent.isField ? key : parent.field,
      isField: key === 'customFields',
    }),
  );
}

const linkAttributes = /^(?:href|src|srcset|action|cite|poster)$/;

function stringsInMarkup(html: string): StringLiteral[] {
  const strings: StringLiteral[] = [];
  let isJson = false;
  const parser = new HtmlParser({
    onopentag: (name, attributes) => {
      isJson = name === 'script' && /json/.test(attributes['type'] ?? '');
      for (const [key, text] of Object.entries(attributes))
        if (!linkAttributes.test(key)) strings.push({ text, key, field: null });
    },
    ontext: (text) => {
      if (isJson) strings.push(...stringsInJson(text));
    },
    onclosetag: () => {
      isJson = false;
    },
  });
  parser.end(html);
  return strings;
}
