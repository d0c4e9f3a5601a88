import { refOf, type Trace } from './trace/ref.ts';
import { placeAt, type Place } from './trace/source.ts';
import { keyOf, walk } from './trace/syntax.ts';
import { valueAt } from './values.ts';

/** Entries of `customFields` that hold an address and that no page reads. */
export function unreadFields(trace: Trace): { name: string; place: Place; why: string }[] {
  const clients = trace.files.filter(({ isConfig, text }) => !isConfig && text.includes('customFields'));
  const isRead = (name: string): boolean =>
    clients.some(({ text }) =>
      new RegExp(String.raw`(?<![\w$])${name.replaceAll('$', String.raw`\$`)}(?![\w$])`).test(text),
    );
  return trace.files
    .filter(({ isConfig }) => isConfig)
    .flatMap((file) => {
      const found: { name: string; place: Place; why: string }[] = [];
      walk(file.program, (node) => {
        if (node.type !== 'Property' || keyOf(node) !== 'customFields') return;
        if (node.value.type !== 'ObjectExpression') return;
        for (const field of node.value.properties) {
          const name = field.type === 'Property' ? keyOf(field) : null;
          if (name === null || field.type !== 'Property' || isRead(name)) continue;
          if (valueAt(trace, refOf(file, field.value)) === null) continue;
          found.push({ name, place: placeAt(file, field.start), why: 'no page reads this field' });
        }
      });
      return found;
    });
}
