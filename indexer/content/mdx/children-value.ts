import { isUnresolved, type StaticValue } from '../../../javascript/static/static-value.ts';

const source = '{children}';

/** The value of `props.children`: content, which is no value. */
export function childrenValue(): StaticValue {
  return { unresolved: source };
}

/** Whether an expression shows the content of the element that its file or component is shown by. */
export function isChildren(value: StaticValue): boolean {
  return isUnresolved(value) && value.unresolved === source;
}
