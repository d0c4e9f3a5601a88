import { propertyKey } from '../../../../javascript/names.ts';
import { resolveImport } from '../../../../javascript/resolve-import.ts';
import type { SourceFile } from '../../../../javascript/source-file.ts';
import type { FunctionNode, Node } from '../../../../javascript/syntax-tree.ts';
import { referenceTo, type Reference, type Tracer } from './reference.ts';

/**
 * The options that Docusaurus gives to a plugin of the site as its second argument: those beside the plugin in
 * `plugins: [['./plugins/chat.js', options]]`. https://docusaurus.io/docs/using-plugins#configuring-plugins
 */
export function pluginOptions(tracer: Tracer, plugin: FunctionNode, { path }: SourceFile): Reference[] {
  return tracer.files
    .filter((file) => /^docusaurus\.config\.[cm]?[jt]s$/.test(file.path))
    .flatMap((config) =>
      pluginEntries(config).flatMap(({ name, options }) =>
        isPlugin(tracer, { config, name, plugin, path }) ? [referenceTo(config, options)] : [],
      ),
    );
}

/** The pairs of a plugin and its options. */
function pluginEntries(config: SourceFile): { name: Node; options: Node }[] {
  return config.nodes.flatMap(({ node }) => {
    const isList = node.type === 'Property' && propertyKey(node) === 'plugins';
    if (!isList || node.value.type !== 'ArrayExpression') return [];
    return node.value.elements.flatMap((entry) => {
      const [name, options] = entry?.type === 'ArrayExpression' ? entry.elements : [];
      return name && options ? [{ name, options }] : [];
    });
  });
}

/** Whether an entry names the file of the plugin, or is its function. */
function isPlugin(
  tracer: Tracer,
  { config, name, plugin, path }: { config: SourceFile; name: Node; plugin: FunctionNode; path: string },
): boolean {
  // `require.resolve('./plugins/chat.js')` and `path.resolve(__dirname, 'plugins/chat.js')` are the path, too.
  const specifier = name.type === 'CallExpression' ? name.arguments.at(-1) : name;
  if (specifier?.type !== 'Literal')
    return tracer.traceNode(config, name).some(({ node }) => node === plugin);
  const file = resolveImport(tracer.filesByPath, {
    specifier: String(specifier.value),
    importer: config.path,
  });
  return file?.path === path;
}
