import { propertyKey } from '../../../javascript/names.ts';
import { locationAt, type SourceLocation } from '../../../javascript/source-file.ts';
import { valuesOfKey } from './build-definitions.ts';
import type { Project } from './parse-project.ts';
import { referenceTo } from './trace/reference.ts';
import { definitionAt } from './url-definition.ts';

/** Entries of Docusaurus's `customFields` that hold a URL and that no page reads. */
export function findUnusedFields({
  tracer,
  configFiles,
  browserFiles,
}: Project): { name: string; location: SourceLocation }[] {
  const readers = browserFiles.filter(({ text }) => text.includes('customFields'));
  const isRead = (name: string): boolean =>
    readers.some(({ text }) =>
      new RegExp(String.raw`(?<![\w$])${name.replaceAll('$', String.raw`\$`)}(?![\w$])`).test(text),
    );
  return valuesOfKey(configFiles, 'customFields').flatMap(({ node, file }) => {
    if (node.type !== 'ObjectExpression') return [];
    return node.properties.flatMap((field) => {
      const name = field.type === 'Property' ? propertyKey(field) : null;
      if (name === null || field.type !== 'Property' || isRead(name)) return [];
      const holdsUrl = definitionAt(tracer, referenceTo(file, field.value)) !== null;
      return holdsUrl ? [{ name, location: locationAt(file, field.start) }] : [];
    });
  });
}
