import { metaContents } from '../../../javascript/meta-tags.ts';
import { calleeName, propertyKey } from '../../../javascript/names.ts';
import { locationAt, type SourceFile } from '../../../javascript/source-file.ts';
import type { Node } from '../../../javascript/syntax-tree.ts';
import { isServedAsIs } from '../file-roles.ts';
import { publicPrefixes } from '../framework.ts';
import { originOf, type UrlSource } from '../url-source.ts';
import { definedInTable, exposedByPlugin, valuesOfKey } from './build-definitions.ts';
import { globalDefinition, replacedAfterBuild } from './global-definition.ts';
import type { Project } from './parse-project.ts';
import { referenceTo, type Reference } from './trace/reference.ts';
import { bestDefinition, definitionAt, type UrlDefinition } from './url-definition.ts';

/** How a source gets its value when the site is built. */
export function findDefinition(project: Project, source: UrlSource): UrlDefinition {
  const { framework } = project;
  const { kind, name, file, start } = source;
  // The build does not process such a file.
  if (kind.endsWith('-env') && isServedAsIs(file.path)) return { type: 'undefined' };
  switch (kind) {
    case 'written-in': {
      const origin = originOf(name);
      const replaced =
        isServedAsIs(file.path) && origin !== null ? replacedAfterBuild(project, file, origin) : null;
      if (replaced?.type === 'variable') return replaced;
      return { type: 'literal', url: name, location: locationAt(file, start), file, start };
    }
    case 'same-origin':
      return { type: 'undefined' };
    case 'process-env': {
      // create-react-app alone defines the whole `process.env`.
      if (source.isDestructured === true && framework !== 'create-react-app') return { type: 'undefined' };
      const prefix = framework === 'vite' ? undefined : publicPrefixes[framework];
      if (prefix !== undefined && name.startsWith(prefix)) return exposed(name);
      const defined = definedInTable(project, { keys: [`process.env.${name}`], path: ['process.env', name] });
      return defined ?? exposedByPlugin(project, name) ?? { type: 'undefined' };
    }
    case 'import-meta-env': {
      const isExposed = vitePrefixes(project).some((prefix) => name.startsWith(prefix));
      if (framework !== 'docusaurus' && isExposed) return exposed(name);
      return definedInTable(project, { keys: [`import.meta.env.${name}`] }) ?? { type: 'undefined' };
    }
    case 'constant':
      return definedInTable(project, { keys: [name] }) ?? { type: 'undefined' };
    case 'custom-field':
      return fieldOf(project, valuesOfKey(project.configFiles, 'customFields'), name);
    case 'plugin-data':
      return fieldOf(project, globalDataOf(project), name);
    case 'meta':
      return metaDefinition(project, name);
    case 'window':
      return globalDefinition(project, name);
    default:
      return kind satisfies never;
  }
}

/** What the first of these objects has under a dotted name. */
function fieldOf({ tracer }: Project, objects: readonly Reference[], name: string): UrlDefinition {
  const definitions = objects.map((value) =>
    definitionAt(tracer, {
      ...value,
      path: name.split('.').map((field) => ({ name: field, node: value.node })),
    }),
  );
  return definitions.find((definition) => definition !== null) ?? { type: 'undefined' };
}

/** The objects that the site's plugins pass to `setGlobalData`. */
function globalDataOf({ configFiles }: Project): Reference[] {
  return configFiles.flatMap((file) =>
    file.nodes.flatMap(({ node }) => {
      const isCall = node.type === 'CallExpression' && calleeName(node.callee).endsWith('setGlobalData');
      const [data] = isCall ? node.arguments : [];
      return data === undefined ? [] : [referenceTo(file, data)];
    }),
  );
}

const exposed = (variable: string): UrlDefinition => ({ type: 'variable', variable, location: null });

/** The prefixes of the variables that Vite exposes: `envPrefix`, or its default. */
function vitePrefixes({ tracer, configFiles }: Project): string[] {
  const configured = valuesOfKey(configFiles, 'envPrefix').flatMap((value) => {
    const elements = { ...value, path: [{ name: '*', node: value.node }] };
    return [...tracer(value), ...tracer(elements)].flatMap(({ node }) =>
      node.type === 'Literal' ? [String(node.value)] : [],
    );
  });
  return configured.length > 0 ? configured : [publicPrefixes.vite ?? ''];
}

/** What gives a meta tag its content: `headTags` or `metadata` of the configuration, a plugin's tags, or an HTML page. */
function metaDefinition({ tracer, configFiles }: Project, name: string): UrlDefinition {
  const configured = configFiles.flatMap((file) =>
    file.nodes.flatMap(({ node }) => {
      const content = node.type === 'ObjectExpression' ? contentOf(node, name) : null;
      return content === null ? [] : [definitionAt(tracer, referenceTo(file, content))];
    }),
  );
  const written = tracer.files.flatMap((file) =>
    file.path.endsWith('.html') ? definedInPage(file, name) : [],
  );
  return bestDefinition([...configured, ...written]) ?? { type: 'undefined' };
}

/** `content` of `{ name: 'api-url', content: … }`. */
function contentOf(node: Extract<Node, { type: 'ObjectExpression' }>, name: string): Node | null {
  const valueOf = (key: string): Node | null => {
    const entry = node.properties.find(
      (property) => property.type === 'Property' && propertyKey(property) === key,
    );
    return entry?.type === 'Property' ? entry.value : null;
  };
  const own = valueOf('name');
  return own?.type === 'Literal' && own.value === name ? valueOf('content') : null;
}

function definedInPage(file: SourceFile, name: string): UrlDefinition[] {
  const content = metaContents(file.text).get(name);
  const start = content === undefined ? -1 : file.text.indexOf(content, file.text.indexOf(name)) - 1;
  if (content === undefined || content === '' || start < 0) return [];
  const location = locationAt(file, start);
  const variable = /^%(\w+)%/.exec(content)?.[1];
  if (variable !== undefined) return [{ type: 'variable', variable, location }];
  return /^https?:\/\//.test(content) ? [{ type: 'literal', url: content, location, file, start }] : [];
}
