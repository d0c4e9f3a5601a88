import { stat } from 'node:fs/promises';
import type { ExportAllDeclaration, ExportNamedDeclaration, ImportDeclaration } from 'acorn';
import { join } from 'node:path';
import { specifierName } from '../../../javascript/names.ts';
import { parseScript } from '../../../javascript/parse.ts';
import type { ModuleStatement } from '../../../javascript/static/evaluate.ts';
import {
  completeFields,
  type StaticFields,
  type StaticValue,
} from '../../../javascript/static/static-value.ts';
import { UnreadablePage } from '../deadline.ts';
import { parseWithDeadline, type MarkdownConfig, type ParsedMarkdown } from '../markdown/parse-markdown.ts';
import { isWithinBounds } from '../path-bounds.ts';
import { readText } from '../read-text.ts';
import { importedFile, type ImportedFile } from './import-path.ts';
import { defaultMembers, ownExports, reexports, valueOf } from './module-exports.ts';
import { declareNames, emptyModule, type NamedContent, type SourceModule } from './source-module.ts';

/** The site that imports are resolved in, and what may be read of this machine. */
export type ImportSite = {
  root: string;
  bounds: readonly string[];
  markdown: MarkdownConfig;
  aliases: ReadonlyMap<string, string>;
};

/** A file that is imported, by the names that it exports. */
type ImportedModule = {
  exports: Map<string, NamedContent>;
  /** What of it was read differently from how a build would read it, and what it imports. */
  warnings: string[];
};

/** By path; what could not be read is the reason. Files are read once for each cache. */
export type ImportCache = Map<string, ImportedModule | string>;

type ModuleRequest = {
  file: string;
  site: ImportSite;
  /** The files that led to this one by their imports. */
  importers: readonly string[];
  cache: ImportCache;
};

const maxRawBytes = 200_000;
/** Components import others; the text of a page is not further away. */
const maxImporters = 24;
const maxScripts = 4;

/**
 * The names of a page: constants, components, and what it imports from Markdown files, modules, data and raw files of its
 * site. A file that cannot be read is a warning. `cache` holds what other pages import as well.
 */
export async function readPageModule(page: {
  parsed: ParsedMarkdown;
  file: string;
  site: ImportSite;
  cache: ImportCache;
  globals: ReadonlyMap<string, NamedContent>;
}): Promise<{ module: SourceModule; warnings: string[] }> {
  const { parsed, file, site, cache, globals } = page;
  const read = await readMarkdownModule(parsed, { file, site, importers: [file], cache });
  for (const [name, content] of globals)
    if (!read.module.names.has(name)) read.module.names.set(name, content);
  return read;
}

async function readMarkdownModule(
  { tree, text, frontMatter }: ParsedMarkdown,
  request: ModuleRequest,
): Promise<{ module: SourceModule; warnings: string[] }> {
  const module = emptyModule(text);
  module.scope.bindings.set('frontMatter', () => completeFields(frontMatter as StaticFields));
  const warnings: string[] = [];
  for (const node of tree.children)
    if (node.type === 'mdxjsEsm')
      for (const statement of (node.data?.estree?.body ?? []) as ModuleStatement[])
        warnings.push(...(await addStatement(statement, module, request)));
  return { module, warnings };
}

/** Adds the names that a statement declares or imports; returns warnings. */
async function addStatement(
  statement: ModuleStatement,
  module: SourceModule,
  request: ModuleRequest,
): Promise<string[]> {
  if (statement.type !== 'ImportDeclaration') {
    declareNames(statement, module);
    return [];
  }
  const imported = await importFrom(statement, request);
  if (imported === null) return [];
  for (const specifier of statement.specifiers) {
    const local = specifier.local.name;
    if (specifier.type === 'ImportNamespaceSpecifier') {
      for (const [name, content] of imported.exports) module.names.set(`${local}.${name}`, content);
      module.scope.bindings.set(local, () => valuesOf(imported.exports));
      continue;
    }
    const name = specifier.type === 'ImportSpecifier' ? specifierName(specifier.imported) : 'default';
    for (const [member, content] of imported.exports)
      if (member.startsWith(`${name}.`)) module.names.set(local + member.slice(name.length), content);
    const content = imported.exports.get(name);
    if (content === undefined) continue;
    module.names.set(local, content);
    if (content.type === 'value') module.scope.bindings.set(local, () => content.value);
  }
  return imported.warnings;
}

/** The constants of a module, as its namespace has them. */
function valuesOf(exports: ImportedModule['exports']): StaticFields {
  return Object.fromEntries(
    [...exports].flatMap(([name, content]) => (content.type === 'value' ? [[name, content.value]] : [])),
  );
}

const readableFile = /\.(?:mdx?|json|[cm]?[jt]sx?)$/;

/** The module that a statement names; null for a package or a file without text, with its warnings otherwise. */
async function importFrom(
  { source }: ImportDeclaration | ExportNamedDeclaration | ExportAllDeclaration,
  request: ModuleRequest,
): Promise<ImportedModule | null> {
  const from = String(source?.value ?? '');
  const target = importedFile(from, { ...request.site, file: request.file });
  if (target === null || !(target.isRaw || readableFile.test(target.path))) return null;
  const isText = target.isRaw || /\.mdx?$/.test(target.path);
  if (request.importers.includes(target.path)) {
    const warning = `imports ${from}, which imports it in turn; it is read once`;
    return isText ? missing(warning) : null;
  }
  const key = `${target.isRaw ? 'raw!' : ''}${target.path}`;
  const imported = request.cache.get(key) ?? (await readModule(target, request));
  request.cache.set(key, imported);
  if (typeof imported !== 'string') return imported;
  return isText ? missing(`imports ${from}, ${imported}`) : null;
}

function missing(warning: string): ImportedModule {
  return { exports: new Map([['default', { type: 'missing' }]]), warnings: [warning] };
}

/** The module, or the reason why its text is missing. */
async function readModule(target: ImportedFile, request: ModuleRequest): Promise<ImportedModule | string> {
  const { path } = target;
  const { site, importers } = request;
  const stats = await stat(path).catch(() => null);
  if (stats === null) return 'which does not exist; its text is missing';
  // Other files of this machine must not get into a public index.
  if (!(await isWithinBounds(path, site.bounds))) return 'which is outside the repository; it is not read';
  if (target.isRaw && stats.size > maxRawBytes)
    return `which is larger than ${maxRawBytes / 1000} kB; its text is missing`;
  const inner = { ...request, file: path, importers: [...importers, path] };
  try {
    const { text, warning } = await readText(path);
    if (target.isRaw) return exporting({ type: 'value', value: text });
    if (path.endsWith('.json')) return exporting({ type: 'value', value: JSON.parse(text) as StaticValue });
    return /\.mdx?$/.test(path)
      ? await readMarkdown({ text, warning }, inner)
      : await readScript(text, inner);
  } catch (error) {
    if (error instanceof UnreadablePage) return `whose text is missing: ${error.message}`;
    if (error instanceof SyntaxError) return 'which does not parse; its text is missing';
    throw error;
  }
}

function exporting(content: NamedContent): ImportedModule {
  return { exports: new Map([['default', content]]), warnings: [] };
}

async function readMarkdown(
  { text, warning }: { text: string; warning: string | null },
  request: ModuleRequest,
): Promise<ImportedModule> {
  const { file, site } = request;
  const parsed = parseWithDeadline({ text, file, config: site.markdown });
  const { module, warnings } = await readMarkdownModule(parsed, request);
  const own = warning ?? parsed.warning;
  const constants = [...module.scope.bindings].map(([name, read]) => [name, valueOf(read())] as const);
  return {
    exports: new Map<string, NamedContent>([
      ...constants,
      ...module.names,
      ['default', { type: 'markdown', file, parsed, module }],
    ]),
    warnings:
      own === null ? warnings : [`imports ${file.slice(site.root.length + 1)}, which ${own}`, ...warnings],
  };
}

async function readScript(text: string, request: ModuleRequest): Promise<ImportedModule> {
  const program = parseScript(text, { isTyped: /\.[cm]?ts$/.test(request.file), repairs: 0 });
  const module = emptyModule(text);
  const exports = new Map<string, NamedContent>();
  const warnings: string[] = [];
  const scripts = request.importers.filter((path) => !/\.mdx?$/.test(path)).length;
  if (program === null || scripts > maxScripts || request.importers.length > maxImporters)
    return { exports, warnings };
  for (const statement of program.body) {
    warnings.push(...(await addStatement(statement, module, request)));
    if (!('source' in statement) || statement.source == null || statement.type === 'ImportDeclaration')
      continue;
    const imported = await importFrom(statement, request);
    warnings.push(...(imported?.warnings ?? []));
    for (const [name, content] of reexports(statement, imported?.exports ?? new Map()))
      exports.set(name, content);
  }
  for (const statement of program.body)
    for (const [name, content] of ownExports(statement, module)) exports.set(name, content);
  for (const [name, content] of defaultMembers(program.body, module)) exports.set(name, content);
  return { exports, warnings };
}

const componentsFile = '@site/src/theme/MDXComponents';

/** The components that every page of a site may show without an import (Docusaurus's `src/theme/MDXComponents`). */
export async function readGlobalComponents(
  site: ImportSite,
  cache: ImportCache,
): Promise<Map<string, NamedContent>> {
  const file = join(site.root, 'docusaurus.config.js');
  const target = importedFile(componentsFile, { ...site, file });
  if (target === null) return new Map();
  const imported = await readModule(target, { file, site, importers: [], cache });
  if (typeof imported === 'string') return new Map();
  const members = [...imported.exports].filter(([name]) => name.startsWith('default.'));
  return new Map(members.map(([name, content]) => [name.slice('default.'.length), content]));
}
