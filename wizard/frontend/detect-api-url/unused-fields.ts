import { referenceTo, type Tracer } from './trace/reference.ts';
import { locationAt, type SourceLocation } from '../../../javascript/source-file.ts';
import { propertyKey, walk } from '../../../javascript/parse.ts';
import { definitionAt } from './url-definition.ts';

/** Entries of `customFields` that hold an address and that no page reads. */
export function unusedFields(trace: Tracer): { name: string; place: SourceLocation; why: string }[] {
  const clients = trace.files.filter(({ isConfig, text }) => !isConfig && text.includes('customFields'));
  const isRead = (name: string): boolean =>
    clients.some(({ text }) =>
      new RegExp(String.raw`(?<![\w$])${name.replaceAll('$', String.raw`\$`)}(?![\w$])`).test(text),
    );
  return trace.files
    .filter(({ isConfig }) => isConfig)
    .flatMap((file) => {
      const found: { name: string; place: SourceLocation; why: string }[] = [];
      walk(file.program, (node) => {
        if (node.type !== 'Property' || propertyKey(node) !== 'customFields') return;
        if (node.value.type !== 'ObjectExpression') return;
        for (const field of node.value.properties) {
          const name = field.type === 'Property' ? propertyKey(field) : null;
          if (name === null || field.type !== 'Property' || isRead(name)) continue;
          if (definitionAt(trace, referenceTo(file, field.value)) === null) continue;
          found.push({ name, place: locationAt(file, field.start), why: 'no page reads this field' });
        }
      });
      return found;
    });
}
