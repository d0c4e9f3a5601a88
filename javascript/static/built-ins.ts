import { isUnresolved, type StaticValue } from './static-value.ts';

const arithmetic: { [operator: string]: (left: number, right: number) => number | boolean } = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '<': (left, right) => left < right,
  '>': (left, right) => left > right,
};

/** What an operator makes of two values; undefined where one is not known, and for any other operator. */
export function applyOperator(operator: string, left: StaticValue, right: StaticValue): StaticValue {
  if (isUnresolved(left) || isUnresolved(right)) return undefined;
  if (/^===?$/.test(operator)) return left === right;
  if (/^!==?$/.test(operator)) return left !== right;
  if (typeof left === 'number' && typeof right === 'number') return arithmetic[operator]?.(left, right);
  const isText = operator === '+' && [left, right].every((operand) => /string|number/.test(typeof operand));
  return isText ? `${String(left)}${String(right)}` : undefined;
}

/** The name in `list[index]`, from the index; null for one that is not known. */
export function nameFrom(index: StaticValue): string | null {
  return typeof index === 'string' || typeof index === 'number' ? String(index) : null;
}

/** `list.length`, `list[0]` and `text.length`; undefined for what is not known. */
export function memberOfSequence(owner: StaticValue, name: string | null): StaticValue {
  if (name === null || !(Array.isArray(owner) || typeof owner === 'string')) return undefined;
  // A spread that is not known may stand for any number of entries.
  if (Array.isArray(owner) && owner.some(isUnresolved)) return undefined;
  if (name === 'length') return owner.length;
  return /^\d+$/.test(name) ? owner[Number(name)] : undefined;
}

/** What the methods return that pages and configurations call; undefined for any other. */
export function builtInMethod(
  owner: StaticValue,
  name: string | null,
  args: readonly StaticValue[],
): StaticValue {
  const [first, second] = args;
  if (Array.isArray(owner)) {
    if (name === 'concat') return owner.concat(...args);
    if (name === 'slice' && args.every((argument) => typeof argument === 'number'))
      return owner.slice(first as number, second as number);
    const isKnown = name === 'join' && owner.every((entry) => /string|number/.test(typeof entry));
    const separator = args.length === 0 ? ',' : first;
    return isKnown && typeof separator === 'string' ? owner.join(separator) : undefined;
  }
  if (typeof owner === 'string' && args.length === 0) {
    if (name === 'toUpperCase') return owner.toUpperCase();
    if (name === 'toLowerCase') return owner.toLowerCase();
    if (name === 'trim') return owner.trim();
  }
  if (typeof owner !== 'number') return undefined;
  if (name === 'toFixed' && typeof first === 'number' && first >= 0 && first <= 20)
    return owner.toFixed(first);
  return name === 'toString' && args.length === 0 ? String(owner) : undefined;
}
