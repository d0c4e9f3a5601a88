import type { SourceTexts } from '../../../javascript/source-file.ts';
import type { ApiUrlDetection } from '../detect-api-url/api-url-detection.ts';
import { isPublicName, isSecretName } from '../variable-names.ts';
import { addListEntry, siteConfig } from './docusaurus-config.ts';

/** A variable and the object that the code reads it from: Docusaurus fills in neither. */
type DefinedVariable = { name: string; env: 'process.env' | 'import.meta.env' };

/** Whether a variable may be built into the pages: the plugin reads no other from the environment. */
const isAllowed = ({ name }: DefinedVariable): boolean => /^[A-Z_a-z]\w*$/.test(name) && !isSecretName(name);

/** Why `addDefinePlugin` returned null. */
export const noPluginsPlace = 'no place for a plugin was found in docusaurus.config';

/**
 * The files that change so that the build of a Docusaurus site fills in a variable: a plugin, and the configuration that
 * lists it. Null when the configuration has no place for it.
 */
export function addDefinePlugin({
  files,
  detection,
  variable,
}: {
  files: SourceTexts;
  detection: ApiUrlDetection;
  variable: DefinedVariable;
}): SourceTexts | null {
  const config = siteConfig(files);
  if (config === null || !isAllowed(variable)) return null;
  const plugin = definePluginFile({
    variable,
    undefinedNames: detection.undefinedVariables.filter(
      (name) => name !== variable.name && isPublicName(name),
    ),
    hasOtherReads: detection.brokenReads.some(({ name }) => !isPublicName(name)),
  });
  const text = addPlugin(config.text, plugin.path);
  if (text === null) return null;
  return new Map([
    [plugin.path, plugin.text],
    [config.path, text],
  ]);
}

/**
 * The plugin that fills in the chat's variable, and no other: one that a page reads in passing may hold a secret. Those
 * of `undefinedNames` become `undefined`, whatever the environment has: without it, reading them breaks the page.
 *
 * Docusaurus fills in NODE_ENV alone. From 3.6 on it passes the current bundler to a plugin, which may be Rspack; before
 * that it is webpack (docusaurus.io, `configureWebpack`).
 */
export function definePluginFile({
  variable,
  undefinedNames,
  hasOtherReads,
}: {
  variable: DefinedVariable;
  undefinedNames: readonly string[];
  /** Whether the chat reads what must never get into the pages: in a browser, it finds nothing there. */
  hasOtherReads: boolean;
}): { path: string; text: string } {
  const entries = [
    `  '${variable.env}.${variable.name}': JSON.stringify(process.env.${variable.name} ?? ''),\n`,
    ...undefinedNames.map((name) => `  'process.env.${name}': 'undefined',\n`),
  ];
  // Without an entry for the whole, a browser has no `process` and stops at any other read.
  const defined = hasOtherReads
    ? "isServer ? definitions : { 'process.env': '({})', ...definitions }"
    : 'definitions';
  return {
    path: 'api-url.plugin.cjs',
    text: `// Puts ${variable.name} into the pages when the site is built.
const definitions = {
${entries.join('')}};

module.exports = function apiUrlPlugin() {
  return {
    name: 'api-url',
    configureWebpack(config, isServer, { currentBundler }) {
      const { DefinePlugin } = currentBundler?.instance ?? require('webpack');
      return { plugins: [new DefinePlugin(${defined})] };
    },
  };
};
`,
  };
}

/** The text of the configuration with one more plugin; null when there is no place for it. */
export function addPlugin(text: string, path: string): string | null {
  return addListEntry(text, { list: 'plugins', entry: `'./${path}'`, mark: `./${path}` });
}

/**
 * The files that change so that a variable gets into a file of `static/`, which Docusaurus copies unchanged: a plugin
 * that replaces the URL in the built file, and the configuration that lists it. Null when it has no place for it.
 */
export function addStaticFilePlugin({
  files,
  file,
  url,
  variable,
}: {
  files: SourceTexts;
  file: string;
  url: string;
  variable: string;
}): SourceTexts | null {
  const config = siteConfig(files);
  const path = 'api-url-file.plugin.cjs';
  const text = config === null ? null : addPlugin(config.text, path);
  if (config === null || text === null) return null;
  const { origin } = new URL(url);
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
      const address = process.env.${variable} || '${origin}';
      writeFileSync(file, readFileSync(file, 'utf8').replaceAll('${origin}', address));
    },
  };
};
`,
    ],
    [config.path, text],
  ]);
}
