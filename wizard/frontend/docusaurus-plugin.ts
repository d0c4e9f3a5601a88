import { withoutComments, type Files } from './source.ts';

const pluginPath = 'api-url.plugin.cjs';
/** What the site's build calls its variables. */
const env = ['process', 'env'].join('.');

/**
 * The plugin file that lets a variable into the pages. Docusaurus fills in NODE_ENV alone; from 3.6 on a plugin is
 * handed the bundler in use, before that it is webpack (docusaurus.io, `configureWebpack`).
 */
export function pluginFile({
  variables,
  version,
}: {
  variables: readonly string[];
  version: string | null;
}): { path: string; text: string } {
  const [major = 3, minor = 6] = (version ?? '3.6').split('.').map(Number);
  const isOlder = major < 3 || (major === 3 && minor < 6);
  const entries = variables.map((name) => `  '${env}.${name}': JSON.stringify(${env}.${name} ?? ''),\n`);
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
    text: `// Puts ${variables.join(', ')} into the pages when the site is built.
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
export function withPlugin(text: string, path: string): string | null {
  const entry = `'./${path}'`;
  if (text.includes(entry)) return text;
  const code = blanked(text);
  const object = configObject(code);
  if (object === null) return null;
  for (const { index, 0: whole } of code.matchAll(/(?<![\w$.'"])plugins\s*:\s*\[/g)) {
    if (index < object || depthBetween(code, object, index) !== 1) continue;
    const at = index + whole.length;
    const isEmpty = /^\s*\]/.test(code.slice(at));
    const rest = /^\s*\n/.test(text.slice(at))
      ? `\n${indentAfter(text, at)}${entry},`
      : isEmpty
        ? entry
        : `${entry}, `;
    return `${text.slice(0, at)}${rest}${text.slice(at)}`;
  }
  const at = object + 1;
  return `${text.slice(0, at)}\n${indentAfter(text, at)}plugins: [${entry}],${text.slice(at)}`;
}

/** The brace that opens the object with `baseUrl`: every configuration has one, and at its top. */
function configObject(code: string): number | null {
  const key = /(?<![\w$.'"])['"]?baseUrl['"]?\s*[:,]/.exec(code);
  if (key === null) return null;
  let depth = 0;
  for (let at = key.index - 1; at >= 0; at -= 1) {
    if (code[at] === '}') depth += 1;
    if (code[at] === '{' && depth-- === 0) return at;
  }
  return null;
}

function depthBetween(code: string, from: number, to: number): number {
  let depth = 0;
  for (const sign of code.slice(from, to)) {
    if (sign === '{' || sign === '[' || sign === '(') depth += 1;
    if (sign === '}' || sign === ']' || sign === ')') depth -= 1;
  }
  return depth;
}

/** Strings and comments as blanks: what braces stand in them are no braces. */
function blanked(text: string): string {
  return withoutComments(text).replaceAll(
    /(['"`])(?:\\.|(?!\1)[^\\\n])*\1/g,
    (whole) => `'${' '.repeat(whole.length - 2)}'`,
  );
}

function indentAfter(text: string, at: number): string {
  return /^[^\n]*\n([ \t]*)(?=\S)/.exec(text.slice(at))?.[1] ?? '  ';
}

/**
 * A file of `static/` is copied as it is: a plugin of its own puts the variable in place of the address that is
 * written there, after the site is built.
 */
export function withStaticFile({
  files,
  config,
  file,
  address,
  variable,
}: {
  files: Files;
  config: string;
  file: string;
  address: string;
  variable: string;
}): Map<string, string> | null {
  const path = 'api-url-file.plugin.cjs';
  const text = withPlugin(files.get(config) ?? '', path);
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
