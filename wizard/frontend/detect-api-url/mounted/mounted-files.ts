import { siteConfigNames } from '../../../../indexer/docusaurus/site-config-names.ts';
import { dottedName, propertyKey } from '../../../../javascript/names.ts';
import { resolveImport } from '../../../../javascript/resolve-import.ts';
import { parseSourceFile, type SourceFile, type SourceTexts } from '../../../../javascript/source-file.ts';
import type { Node } from '../../../../javascript/syntax-tree.ts';
import { isBuildConfig, isServedAsIs } from '../../file-roles.ts';
import type { Framework } from '../../framework.ts';
import { doesNothing } from './client-module.ts';
import { browserRoots } from './site-roots.ts';

export type MountedFiles = {
  /** What the site's pages load. */
  browser: readonly SourceFile[];
  /** What its build runs. */
  config: readonly SourceFile[];
};

/**
 * The files that are reachable from what a site mounts: its pages, theme, client modules, plugins, MDX and the scripts
 * that its configuration names. Null where the project does not show what it mounts: then every file may be.
 */
export function mountedFiles(texts: SourceTexts, framework: Framework): MountedFiles | null {
  const roots = browserRoots(texts, framework);
  if (roots === null) return null;
  const parsed = new Map<string, SourceFile | null>();
  const parse = (path: string): SourceFile | null => {
    if (!parsed.has(path)) parsed.set(path, parseSourceFile(path, texts.get(path) ?? ''));
    return parsed.get(path) ?? null;
  };
  const browser = new Map<string, SourceFile>();
  const config = new Map<string, SourceFile>();
  const add = (path: string, reached: Map<string, SourceFile>): void => {
    const file = reached.has(path) || !isScript(path) ? null : parse(path);
    if (file === null) return;
    reached.set(path, file);
    for (const specifier of importsOf(file))
      for (const next of filesNamed(texts, specifier, path)) add(next, reached);
    for (const script of scriptsNamedIn(texts, file)) add(script, browser);
    if (reached !== config) return;
    for (const { name, keys } of namesInConfig(file))
      for (const next of filesNamed(texts, name, path)) {
        if (keys.some((key) => clientModuleKeys.test(key))) addClientModule(next);
        else add(next, keys.some((key) => browserKeys.test(key)) ? browser : config);
      }
  };
  const idle = new Set<string>();
  const addClientModule = (path: string): void => {
    const file = idle.has(path) || !isScript(path) ? null : parse(path);
    if (file === null) return;
    if (!doesNothing(file)) return add(path, browser);
    idle.add(path);
    for (const specifier of importsOf(file))
      for (const next of filesNamed(texts, specifier, path)) addClientModule(next);
  };
  const unread = siteConfigNames.filter((name) => texts.has(name)).slice(1);
  for (const path of texts.keys())
    if (isBuildConfig(path) && !path.includes('/') && !unread.includes(path)) add(path, config);
  for (const path of roots) add(path, browser);
  const onlyConfig = [...config].filter(([path]) => !browser.has(path) || isBuildConfig(path));
  const runsInBrowser = [...browser].filter(([path]) => !onlyConfig.some(([other]) => other === path));
  return { browser: runsInBrowser.map(([, file]) => file), config: onlyConfig.map(([, file]) => file) };
}

const isScript = (path: string): boolean => /\.(?:[cm]?[jt]sx?|mdx?|html)$/.test(path);

/** What a file imports, requires or loads later. `require.resolve` only names a file: `namesInConfig` reads those. */
function importsOf(file: SourceFile): string[] {
  return file.nodes.flatMap(({ node }) => {
    if (
      node.type === 'ImportDeclaration' ||
      node.type === 'ExportAllDeclaration' ||
      node.type === 'ExportNamedDeclaration' ||
      node.type === 'ImportExpression'
    )
      return node.source == null ? [] : textOf(node.source);
    if (node.type === 'CallExpression' && dottedName(node.callee) === 'require')
      return node.arguments.slice(0, 1).flatMap(textOf);
    const isUrl = node.type === 'NewExpression' && /^(?:URL|Worker)$/.test(dottedName(node.callee));
    return isUrl
      ? node.arguments
          .slice(0, 1)
          .flatMap(textOf)
          .filter((text) => text.startsWith('.'))
      : [];
  });
}

function textOf(node: Node): string[] {
  if (node.type === 'Literal') return typeof node.value === 'string' ? [node.value] : [];
  const isPlain = node.type === 'TemplateLiteral' && node.expressions.length === 0;
  return isPlain ? [node.quasis[0]?.value.cooked ?? ''] : [];
}

const browserKeys =
  /^(?:clientModules|getClientModules|getThemePath|getTypeScriptThemePath|theme|scripts|src|headTags)$/;

const clientModuleKeys = /^(?:clientModules|getClientModules)$/;

/** The strings of a configuration or a plugin that can name a file, and the keys above each. */
function namesInConfig({ nodes, scopes }: SourceFile): { name: string; keys: string[] }[] {
  return nodes.flatMap(({ node }) => {
    const [name] = textOf(node);
    if (name === undefined || !/^(?:\.{1,2}\/|@site\/|[\w-]+\/[\w./-]+$)/.test(name)) return [];
    const keys: string[] = [];
    for (let parent = scopes.parentOf(node); parent !== undefined; parent = scopes.parentOf(parent))
      if (parent.type === 'Property' || parent.type === 'MethodDefinition')
        keys.push(propertyKey(parent) ?? '');
    return [{ name, keys }];
  });
}

/** The file that a name stands for; of a folder without an index, everything in it: a plugin's theme. */
function filesNamed(texts: SourceTexts, specifier: string, importer: string): string[] {
  const paths = { get: (path: string) => (texts.has(path) ? path : undefined) };
  const isBare = /^[\w-]+\//.test(specifier);
  const names = isBare ? [`./${specifier}`, specifier] : [specifier];
  for (const name of names) {
    const path = resolveImport(paths, { specifier: name, importer });
    if (path !== null) return [path];
  }
  const folder = specifier.replace(/^(?:\.\/|@site\/)/, '').replace(/\/?$/, '/');
  const own = importer.includes('/') ? importer.replace(/[^/]*$/, '') : '';
  if (!/(?:^|\/)theme\/$/.test(folder)) return [];
  return [...texts.keys()].filter((path) => path.startsWith(own + folder));
}

/** Scripts and pages that are served as they are and that a file names, a frame's too; and what an HTML page loads. */
function scriptsNamedIn(texts: SourceTexts, { path: own, text }: SourceFile): string[] {
  const isPage = own.endsWith('.html');
  const folder = own.replace(/[^/]*$/, '');
  return [...texts.keys()].filter((path) => {
    if (path === own) return false;
    if (isPage && isScript(path) && text.includes(path)) return true;
    if (isPage && isServedAsIs(own) && isScript(path) && path.startsWith(folder))
      return isNamedIn(text, path.slice(folder.length));
    const name = /^(?:static|public)\/(.+\.(?:m?js|html))$/.exec(path)?.[1];
    return name !== undefined && (name.endsWith('.html') ? isNamedIn(text, name) : text.includes(name));
  });
}

/** Whether a text has a path, not the end of a longer name. */
const isNamedIn = (text: string, path: string): boolean =>
  ['"', "'", '`', '/'].some((before) => text.includes(before + path));
