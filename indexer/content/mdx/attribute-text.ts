import type { StaticValue } from '../../../javascript/static/static-value.ts';
import { fieldsOf, isUnresolved } from '../../../javascript/static/static-value.ts';
import type { Node } from '../../../javascript/syntax-tree.ts';
import { isReadable, isTextAttribute, valueLines } from './readable-values.ts';

/** `label` names what is inside; `details` has a line for each other string that a component can show. */
export type AttributeText = { label: string; details: string[] };

type AttributeNode = {
  name: string | null;
  attributes: readonly {
    type: string;
    name?: string;
    value?: unknown;
    data?: { estree?: unknown } | null | undefined;
  }[];
};

const labelAttributes = ['label', 'title', 'alt', 'summary', 'caption', 'heading', 'description'];

/** Components of Docusaurus whose other attributes are settings. */
const builtIn =
  /^(?:Tabs|TabItem|CodeBlock|Link|Admonition|Details|DocCardList|TOCInline|BrowserOnly|ThemedImage|Heading|IdealImage)$/;

/** Longer values of `value` and `name` are no labels. */
const maxLabelLength = 40;

/**
 * The text in an element's attributes: `<TabItem label="npm">`, `<img alt="…">`, and of a component every string that it
 * can show, in lists and objects too. A component without a label has its short `value` or `name` as one.
 */
export function attributeText(
  node: AttributeNode,
  evaluate: (expression: Node) => StaticValue,
): AttributeText {
  if (node.name === 'Translate') return { label: '', details: [] };
  const values = attributeValues(node, evaluate);
  const isComponent = isComponentName(node.name);
  const texts = labelAttributes.flatMap((name) => labelText(values[name]));
  const names = isComponent && texts.length === 0 ? ['value', 'name'] : [];
  const short = names
    .flatMap((name) => labelText(values[name]))
    .find((text) => text.length <= maxLabelLength && isReadable(text));
  const label = texts.length > 0 ? texts.join('. ') : (short ?? '');
  if (!isComponent || builtIn.test(node.name ?? '')) return { label, details: [] };
  const details = Object.entries(values).flatMap(([name, value]) => {
    const isLabel = labelText(value).length > 0 && (labelAttributes.includes(name) || value === short);
    return isLabel || !isTextAttribute(name) ? [] : valueLines(name, value);
  });
  return { label, details };
}

/** The attributes of an element by name; a spread adds its fields. */
export function attributeValues(
  { attributes }: AttributeNode,
  evaluate: (expression: Node) => StaticValue,
): { [name: string]: StaticValue } {
  const values: { [name: string]: StaticValue } = {};
  for (const attribute of attributes) {
    const { name, value } = attribute;
    if (name === undefined) {
      const spread = spreadArgument(attribute.data?.estree);
      if (spread !== null) Object.assign(values, fieldsOf(evaluate(spread)));
    } else if (value === null || value === undefined) values[name] = true;
    else if (typeof value === 'string') values[name] = value;
    else {
      const expression = firstExpression((value as { data?: { estree?: unknown } }).data?.estree);
      if (expression !== null) values[name] = evaluate(expression);
    }
  }
  return values;
}

/** `Quiz`, `Parts.Ios`: elements that are not HTML's. */
export function isComponentName(name: string | null): boolean {
  return name !== null && /^[A-Z]|\./.test(name);
}

function labelText(value: StaticValue): string[] {
  if (isUnresolved(value)) return [...new Set((value.alternatives ?? []).flatMap(labelText))];
  return typeof value === 'string' && value.trim() !== '' ? [value] : [];
}

function firstExpression(program: unknown): Node | null {
  const { body: [statement] = [] } = (program ?? {}) as { body?: { expression?: Node }[] };
  return statement?.expression ?? null;
}

function spreadArgument(program: unknown): Node | null {
  const expression = firstExpression(program);
  const [property] = expression?.type === 'ObjectExpression' ? expression.properties : [];
  return property?.type === 'SpreadElement' ? property.argument : null;
}
