/** Holds exchanges of a stand-in to a vendor's OpenAPI document: shapes, not closed lists. */
import { existsSync, readFileSync } from 'node:fs';
import type { Exchange } from '../../sandbox/record.ts';

type Schema = {
  $ref?: string;
  type?: string;
  nullable?: boolean;
  required?: string[];
  properties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
  items?: Schema;
  oneOf?: Schema[];
  anyOf?: Schema[];
  allOf?: Schema[];
};
type Operation = {
  requestBody?: { content?: Record<string, { schema?: Schema }> };
  responses: Record<string, { $ref?: string; content?: Record<string, { schema?: Schema }> }>;
};
export type Contract = { paths: Record<string, Record<string, Operation>> };

/** The document of that file name, or null where the contracts are not at hand. */
export function readContract(file: string): Contract | null {
  const path = `../shared/contracts/${file}`;
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Contract) : null;
}

/** What is wrong with an exchange; null for a path that the document does not know. */
export function problemsOf(contract: Contract, exchange: Exchange): string[] | null {
  const path = new URL(exchange.path, 'http://sandbox').pathname;
  const method = exchange.method.toLowerCase();
  const [template, methods] =
    Object.entries(contract.paths)
      .filter(([one, known]) => method in known && patternOf(one).test(path))
      .sort(([a], [b]) => a.split('{').length - b.split('{').length || b.length - a.length)[0] ?? [];
  const operation = methods?.[method];
  if (operation === undefined || template === undefined) return null;
  const name = `${exchange.method} ${path} ${exchange.status}`;
  const wanted = operation.requestBody?.content?.['application/json']?.schema;
  const isRefused = (exchange.status ?? 500) >= 400;
  const request =
    wanted && !isRefused
      ? check(contract, { schema: wanted, value: parsed(exchange.requestBody), at: 'request' })
      : [];
  const { responses } = operation;
  const status = String(exchange.status);
  const reply = responses[status] ?? responses[`${status[0]}XX`] ?? responses['default'];
  const type = (exchange.responseHeaders['content-type'] ?? '').split(';')[0] ?? '';
  const schema = reply?.content?.[type]?.schema;
  const values = splits[type]?.(exchange.responseBody) ?? [exchange.responseBody];
  const response = schema
    ? values.flatMap((text) => check(contract, { schema, value: parsed(text), at: 'response' }))
    : [];
  // A field that the path binds need not stand in the body again.
  const bound = (problem: string): boolean =>
    [...template.matchAll(/\{(\w+)\}/g)].some(([, name]) => problem === `request.${name} is missing`);
  return [...request.filter((problem) => !bound(problem)), ...response].map(
    (problem) => `${name}: ${problem}`,
  );
}

function check(contract: Contract, given: { schema: Schema; value: unknown; at: string }): string[] {
  const { value, at } = given;
  const schema = resolved(contract, given.schema);
  if (value === null && (schema.nullable === true || (schema.type === undefined && !isUnion(schema))))
    return [];
  const inside = (one: Schema): string[] => check(contract, { schema: one, value, at });
  if (schema.allOf) return schema.allOf.flatMap(inside);
  const either = schema.oneOf ?? schema.anyOf;
  if (either) {
    const tries = either.map(inside);
    return tries.some((problems) => problems.length === 0)
      ? []
      : (tries.sort((a, b) => a.length - b.length)[0] ?? []);
  }
  if (schema.type !== undefined && !isOf(schema.type, value))
    return [`${at} should be ${schema.type}, is ${JSON.stringify(value)?.slice(0, 60)}`];
  if (Array.isArray(value)) {
    const { items } = schema;
    return items
      ? value.flatMap((one, index) => check(contract, { schema: items, value: one, at: `${at}[${index}]` }))
      : [];
  }
  return isRecord(value) ? checkProperties(contract, { schema, value, at }) : [];
}

function checkProperties(
  contract: Contract,
  { schema, value, at }: { schema: Schema; value: Record<string, unknown>; at: string },
): string[] {
  const missing = (schema.required ?? [])
    .filter((key) => !(key in value))
    .map((key) => `${at}.${key} is missing`);
  const others = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : null;
  const wrong = Object.entries(value).flatMap(([key, one]) => {
    const inner = schema.properties?.[key] ?? others;
    return inner == null || one === undefined
      ? []
      : check(contract, { schema: inner, value: one, at: `${at}.${key}` });
  });
  return [...missing, ...wrong];
}

function resolved(contract: Contract, schema: Schema): Schema {
  if (schema.$ref === undefined) return schema;
  const found = schema.$ref
    .split('/')
    .slice(1)
    .reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], contract) as Schema;
  return resolved(contract, { ...found, ...(schema.nullable === true ? { nullable: true } : {}) });
}

const kinds: Record<string, (value: unknown) => boolean> = {
  integer: Number.isInteger,
  array: Array.isArray,
  object: isRecord,
};
const isOf = (type: string, value: unknown): boolean => kinds[type]?.(value) ?? typeof value === type;

const isUnion = ({ oneOf, anyOf, allOf, $ref }: Schema): boolean => Boolean(oneOf ?? anyOf ?? allOf ?? $ref);

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** How a stream's body comes apart into the values that its schema describes. */
const splits: Record<string, (body: string) => string[]> = {
  'text/event-stream': (body) =>
    body.split(/\r?\n\r?\n/).flatMap((event) => (event.startsWith('data: ') ? [event.slice(6)] : [])),
  // `{}` keeps the connection open and is no event.
  'application/stream+json': (body) => body.split('\n').filter((line) => line !== '' && line !== '{}'),
};

const patternOf = (template: string): RegExp =>
  new RegExp(`^${template.replaceAll(/[.+?^$()|[\]\\]/g, '\\$&').replaceAll(/\{\w+\}/g, '[^/]+?')}$`);

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
