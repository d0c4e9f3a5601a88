import { calleeName } from '../../../javascript/names.ts';
import { locationAt } from '../../../javascript/source-file.ts';
import { isServedAsIs } from '../file-roles.ts';
import { publicPrefixes } from '../framework.ts';
import { originOf, type UrlSource } from '../url-source.ts';
import { definedInTable, exposedByPlugin, valuesOfKey } from './build-definitions.ts';
import { globalDefinition, replacedAfterBuild } from './global-definition.ts';
import type { Project } from './parse-project.ts';
import { referenceTo, type Reference } from './trace/reference.ts';
import { definitionAt, type UrlDefinition } from './url-definition.ts';

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
