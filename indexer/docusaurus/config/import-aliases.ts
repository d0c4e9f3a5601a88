import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { calleeName, propertyKey } from '../../../javascript/names.ts';
import { parseSourceFile } from '../../../javascript/source-file.ts';
import type { Node } from '../../../javascript/syntax-tree.ts';

/** The folders that `resolve.alias` of the configuration's webpack settings names, absolute, by their alias. */
export function readImportAliases(configFile: string): Map<string, string> {
  const aliases = new Map<string, string>();
  const text = readFileSync(configFile, 'utf8');
  if (!text.includes('alias')) return aliases;
  const root = dirname(configFile);
  for (const { node } of parseSourceFile(configFile.replaceAll('\\', '/'), text)?.nodes ?? []) {
    if (node.type !== 'Property' || propertyKey(node) !== 'alias' || node.value.type !== 'ObjectExpression')
      continue;
    for (const property of node.value.properties) {
      const alias = property.type === 'Property' ? propertyKey(property) : null;
      const folder = property.type === 'Property' ? folderOf(property.value, root) : null;
      if (alias !== null && folder !== null) aliases.set(alias.replace(/\$$/, ''), folder);
    }
  }
  return aliases;
}

/** `path.resolve(__dirname, 'src')`, `path.join(…)` or a string; null for anything else. */
function folderOf(node: Node, root: string): string | null {
  if (node.type === 'Literal') return typeof node.value === 'string' ? resolve(root, node.value) : null;
  if (node.type !== 'CallExpression' || !/^(?:resolve|join)$/.test(calleeName(node.callee))) return null;
  const parts = node.arguments.map((argument) =>
    argument.type === 'Literal' ? String(argument.value) : isFolderOfFile(argument) ? '.' : null,
  );
  return parts.includes(null) ? null : resolve(root, ...parts.map(String));
}

function isFolderOfFile(node: Node): boolean {
  if (node.type === 'Identifier') return node.name === '__dirname' || node.name === 'siteDir';
  return node.type === 'MemberExpression' && propertyName(node.property) === 'siteDir';
}

function propertyName(node: Node): string {
  return node.type === 'Identifier' ? node.name : '';
}
