import { tsPlugin } from '@sveltejs/acorn-typescript';
import { Parser, type Program } from 'acorn';

// `<T>value` is a type assertion in a .ts file and an element in every other one.
const typescript = Parser.extend(tsPlugin({ jsx: false }));
const jsx = Parser.extend(tsPlugin({ jsx: true }));

/** Each repair parses the whole file again. */
const maxRepairs = 12;

const options = {
  ecmaVersion: 'latest',
  sourceType: 'module',
  locations: true,
  allowReturnOutsideFunction: true,
  allowHashBang: true,
  checkPrivateFields: false,
} as const;

/** Parses a whole module: JavaScript with JSX, or TypeScript without it (`isTyped`). Throws a SyntaxError. */
export function parseModule(text: string, { isTyped = false } = {}): Program {
  return (isTyped ? typescript : jsx).parse(text, options);
}

/**
 * Parses JavaScript with JSX, or TypeScript without it (`isTyped`); null when the text cannot be parsed. A line with a
 * syntax error (a Flow type, say) is blanked and the rest is parsed again, so offsets still fit the text.
 */
export function parseScript(text: string, { isTyped = false, repairs = maxRepairs } = {}): Program | null {
  let rest = text;
  for (let left = repairs; ; left -= 1) {
    try {
      return parseModule(rest, { isTyped });
    } catch (error) {
      const position = error instanceof SyntaxError ? (error as { pos?: number }).pos : undefined;
      if (position === undefined || left === 0) return null;
      const repaired = blankLineAt(rest, position);
      if (repaired === rest) return null;
      rest = repaired;
    }
  }
}

/**
 * Parses the output of a bundler; null when it is not JavaScript. Plain JavaScript, no repairs: a bundle is so large
 * that the TypeScript parser would take seconds, and it is one line.
 */
export function parseBundle(text: string): Program | null {
  try {
    return Parser.parse(text, { ...options, locations: false });
  } catch {
    return null;
  }
}

function blankLineAt(text: string, position: number): string {
  const start = text.lastIndexOf('\n', position - 1) + 1;
  const end = text.indexOf('\n', position);
  const length = (end < 0 ? text.length : end) - start;
  return text.slice(0, start) + ' '.repeat(length) + text.slice(start + length);
}
