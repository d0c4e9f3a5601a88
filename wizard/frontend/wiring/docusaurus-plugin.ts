import { propertyKey, parseScript, walk, type Node } from '../../../javascript/parse.ts';
import type { ProjectFiles } from '../../../javascript/source-file.ts';

const pluginPath = 'api-url.plugin.cjs';
/** What the site's build calls its variables. */
const env = ['process', 'env'].join('.');

/**
 * The plugin file that lets a variable into the pages. Docusaurus fills in NODE_ENV alone; from 3.6 on a plugin is
 * handed the bundler in use, before that it is webpack (docusaurus.io, `configureWebpack`).
 */
export function definePluginFile({
  variables,
  version,
}: {
  /** As the code reads each: `import.meta.env` is no more there than `process.env`. */
  variables: readonly { name: string; read: 'process.env' | 'import.meta.env' }[];
  version: string | null;
}): { path: string; text: string } {
  const [major = 3, minor = 6] = (version ?? '3.6').split('.').map(Number);
  const isOlder = major < 3 || (major === 3 && minor < 6);
  const entries = variables.map(
    ({ name, read }) => `  '${read}.${name}': JSON.stringify(${env}.${name} ?? ''),\n`,
  );
  const names = variables.map(({ name }) => name).join(', ');
  const configure = isOlder
    ? `    configureWebpack() {
      const { DefinePlugin } = require('webpack');
      return { plugins: [new DefinePlugin(definitions)] };
    },`
    : `    configureWebpack(config, isServer, { currentBundler }) {
      const { DefinePlugin } = currentBundler.instance;
      return { plugins: [new DefinePlugin(definitions)] };
    },`;
  return {
    path: pluginPath,
    text: `// Puts ${names} into the pages when the site is built.
const definitions = {
${entries.join('')}};

module.exports = function apiUrlPlugin() {
  return {
    name: 'api-url',
${configure}
  };
};
`,
  };
}

/** The configuration with a plugin more; null when its place is not found. */
export function addPlugin(text: string, path: string): string | null {
  const entry = `'./${path}'`;
  const program = parseScript(text) ?? parseScript(text, { isTyped: true });
  if (program === null) return null;
  if (isListed(program, `./${path}`)) return text;
  const config = siteConfigIn(program);
  if (config === null) return null;
  const standing = config.properties.find((one) => one.type === 'Property' && propertyKey(one) === 'plugins');
  if (standing?.type !== 'Property') {
    const at = config.start + 1;
    return `${text.slice(0, at)}\n${indentAfter(text, at)}plugins: [${entry}],${text.slice(at)}`;
  }
  const { start, end, elements } = { elements: null, ...standing.value };
  if (elements === null) {
    const list = `plugins: [${entry}, ...(${text.slice(start, end)})]`;
    return text.slice(0, standing.start) + list + text.slice(standing.end);
  }
  const at = start + 1;
  const isEmpty = text.slice(at, end - 1).trim() === '';
  const isBroken = /^\s*\n/.test(text.slice(at));
  const first = isBroken ? `\n${indentAfter(text, at)}${entry},` : isEmpty ? entry : `${entry}, `;
  return text.slice(0, at) + first + text.slice(at);
}

type ObjectNode = Extract<Node, { type: 'ObjectExpression' }>;

/** The object with `baseUrl`: every configuration has one, and at its top. */
function siteConfigIn(program: Node): ObjectNode | null {
  let found: ObjectNode | null = null;
  walk(program, (node) => {
    if (found !== null || node.type !== 'ObjectExpression') return;
    if (node.properties.some((one) => one.type === 'Property' && propertyKey(one) === 'baseUrl'))
      found = node;
  });
  return found;
}

function isListed(program: Node, path: string): boolean {
  let isThere = false;
  walk(program, (node) => {
    isThere ||= node.type === 'Literal' && node.value === path;
  });
  return isThere;
}

function indentAfter(text: string, at: number): string {
  return /^[^\n]*\n([ \t]*)(?=\S)/.exec(text.slice(at))?.[1] ?? '  ';
}

/**
 * A file of `static/` is copied as it is: a plugin of its own puts the variable in place of the address that is
 * written there, after the site is built.
 */
export function addStaticFilePlugin({
  files,
  config,
  file,
  address,
  variable,
}: {
  files: ProjectFiles;
  config: string;
  file: string;
  address: string;
  variable: string;
}): Map<string, string> | null {
  const path = 'api-url-file.plugin.cjs';
  const text = addPlugin(files.get(config) ?? '', path);
  if (text === null) return null;
  const { origin } = new URL(address);
  return new Map([
    [
      path,
      `// Puts ${variable} in place of the address in ${file} when the site is built.
const { readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

module.exports = function apiUrlFilePlugin() {
  return {
    name: 'api-url-file',
    postBuild({ outDir }) {
      const file = join(outDir, '${file.replace('static/', '')}');
      const address = ${env}.${variable} || '${origin}';
      writeFileSync(file, readFileSync(file, 'utf8').replaceAll('${origin}', address));
    },
  };
};
`,
    ],
    [config, text],
  ]);
}
