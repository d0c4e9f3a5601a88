/** Checks a stand-in's exchanges against a vendor's OpenAPI document: shapes, not closed lists. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { RecordedExchange } from '../../sandbox/exchange/recorded-exchange.ts';
import { withoutSwagger2 } from './swagger2.ts';

type Schema = {
  $ref?: string;
  type?: string;
  enum?: unknown[];
  nullable?: boolean;
  required?: string[];
  properties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
  items?: Schema;
  oneOf?: Schema[];
  anyOf?: Schema[];
  allOf?: Schema[];
};
type Parameter = { $ref?: string; in: string; name: string; required?: boolean };
type Operation = {
  parameters?: Parameter[];
  requestBody?: { content?: Record<string, { schema?: Schema }> };
  responses: Record<string, { $ref?: string; content?: Record<string, { schema?: Schema }> }>;
};
export type Contract = { paths: Record<string, Record<string, Operation>> };

/**
 * The vendors' documents and recordings. They are not ours to publish, so they lie beside the repository; tests that
 * need them skip without a word of their own, and the reporter of this folder says once what was not checked.
 */
const folder = fileURLToPath(new URL('../../../shared/contracts/', import.meta.url));

/** Path of a vendor's document or recording; null where the folder is not there. */
export function contractPath(file: string): string | null {
  return existsSync(`${folder}${file}`) ? `${folder}${file}` : null;
}

/** A vendor's OpenAPI document by its file name; null where the folder is not there. */
export function readContract(file: string): Contract | null {
  const path = contractPath(file);
  return path === null ? null : withoutSwagger2(JSON.parse(readFileSync(path, 'utf8')));
}

/** The part of an exchange that an OpenAPI document describes. */
export type ExchangeToCheck = Pick<
  RecordedExchange,
  'method' | 'path' | 'status' | 'requestBody' | 'responseBody'
> & {
  responseHeaders: Record<string, string>;
};

/**
 * How an exchange differs from the document; null for a path that the document does not have. Enums are checked in
 * requests only, because vendors add values to their responses. A request that was refused may be anything.
 */
export function problemsOf(contract: Contract, exchange: ExchangeToCheck): string[] | null {
  const url = new URL(`http://sandbox${exchange.path}`);
  const method = exchange.method.toLowerCase();
  const [template, methods] =
    Object.entries(contract.paths)
      .filter(([path, operations]) => method in operations && patternOf(path).test(url.pathname))
      .sort(([a], [b]) => a.split('{').length - b.split('{').length || b.length - a.length)[0] ?? [];
  const operation = methods?.[method] as Operation | undefined;
  if (operation === undefined || template === undefined) return null;
  const name = `${exchange.method} ${url.pathname} ${exchange.status}`;
  const isRefused = (exchange.status ?? 500) >= 400;
  const shared = (methods?.['parameters'] ?? []) as Parameter[];
  const parameters = [...shared, ...(operation.parameters ?? [])];
  const request = isRefused
    ? []
    : [
        ...queryProblems(contract, { parameters, query: url.searchParams }),
        ...requestProblems(contract, { operation, body: exchange.requestBody }),
      ];
  const response = responseProblems(contract, { operation, exchange });
  // A field that is bound in the path may be missing in the body.
  const bound = (problem: string): boolean =>
    [...template.matchAll(/\{(\w+)\}/g)].some(([, name]) => problem === `request.${name} is missing`);
  return [...request.filter((problem) => !bound(problem)), ...response]
    .map((problem) => `${name}: ${problem}`)
    .filter((problem) => !knownGaps.some((pattern) => pattern.test(problem)));
}

/** Differences that the vendor's own programs show too: its document lags behind them. */
const knownGaps: readonly RegExp[] = [
  // `@vercel/client` 18.4.2 sends both.
  /^POST \/v13\/deployments \d+: request\.(version|files\[\d+\]\.mode) is not documented$/,
  // `@vercel/client` 18.4.2 sends it with prebuilt files.
  /^POST \/v13\/deployments \d+: \?prebuilt is not documented$/,
  // Vercel's CLI 58.4.4 reads events of a second, flat shape, without a payload.
  /^GET \/v3\/deployments\/\w+\/events \d+: response\.payload is missing$/,
];

function queryProblems(
  contract: Contract,
  { parameters, query }: { parameters: Parameter[]; query: URLSearchParams },
): string[] {
  const documented = parameters
    .map((parameter) => resolveRef(contract, parameter))
    .filter((parameter) => parameter.in === 'query');
  const names = new Set(documented.map(({ name }) => name));
  // `expand[]=a` is how a client may spell a list called `expand`.
  const unknown = [...query.keys()].filter((name) => !names.has(name.replace(/\[\]$/, '')));
  const missing = documented.filter(({ name, required }) => required === true && !query.has(name));
  return [
    ...unknown.map((name) => `?${name} is not documented`),
    ...missing.map(({ name }) => `?${name} is missing`),
  ];
}

function requestProblems(
  contract: Contract,
  { operation, body }: { operation: Operation; body: string },
): string[] {
  const [type, content] = Object.entries(operation.requestBody?.content ?? {})[0] ?? [];
  const schema = content?.schema;
  if (type === undefined || schema === undefined) return [];
  const values = splits[type]?.(body) ?? [body];
  return values.flatMap((text) =>
    check(contract, { schema, value: parseJson(text), at: 'request', isStrict: true }),
  );
}

function responseProblems(
  contract: Contract,
  { operation, exchange }: { operation: Operation; exchange: ExchangeToCheck },
): string[] {
  const { responses } = operation;
  const status = String(exchange.status);
  const response = responses[status] ?? responses[`${status[0]}XX`] ?? responses['default'];
  if (response === undefined) return [];
  const { content } = resolveRef(contract, response);
  const type = (exchange.responseHeaders['content-type'] ?? '').split(';')[0] ?? '';
  const isSuccess = status.startsWith('2');
  if (isSuccess && content !== undefined && content[type] === undefined)
    return [`${type || 'no content type'} is not documented, but ${Object.keys(content).join(', ')}`];
  const schema = content?.[type]?.schema;
  if (schema === undefined) return [];
  const body = exchange.responseBody;
  const values = splits[type]?.(body) ?? [body];
  // Plain text is its own value.
  const valueOf = type === 'text/plain' ? (text: string): unknown => text : parseJson;
  return values.flatMap((text) =>
    check(contract, { schema, value: valueOf(text), at: 'response', isStrict: false }),
  );
}

type CheckOptions = { schema: Schema; value: unknown; at: string; isStrict: boolean };

function check(contract: Contract, options: CheckOptions): string[] {
  const { value, at, isStrict } = options;
  const schema = resolveRef(contract, options.schema);
  if (value === null && (schema.nullable === true || (schema.type === undefined && !isUnion(schema))))
    return [];
  const inside = (alternative: Schema): string[] => check(contract, { ...options, schema: alternative });
  if (schema.allOf) return schema.allOf.flatMap(inside);
  const either = schema.oneOf ?? schema.anyOf;
  if (either) {
    const tries = either.map(inside);
    return tries.some((problems) => problems.length === 0)
      ? []
      : (tries.sort((a, b) => a.length - b.length)[0] ?? []);
  }
  if (schema.type !== undefined && !isOf(schema.type, value))
    return [`${at} should be ${schema.type}, is ${JSON.stringify(value)?.slice(0, 60) ?? 'no JSON'}`];
  if (isStrict && schema.enum && !schema.enum.includes(value))
    return [`${at} should be one of ${schema.enum.join(', ')}, is ${JSON.stringify(value)}`];
  if (Array.isArray(value)) {
    const { items } = schema;
    return items
      ? value.flatMap((item, index) =>
          check(contract, { schema: items, value: item, at: `${at}[${index}]`, isStrict }),
        )
      : [];
  }
  return isRecord(value) ? checkProperties(contract, { schema, value, at, isStrict }) : [];
}

function checkProperties(
  contract: Contract,
  { schema, value, at, isStrict }: CheckOptions & { value: Record<string, unknown> },
): string[] {
  const missing = (schema.required ?? [])
    .filter((key) => !(key in value))
    .map((key) => `${at}.${key} is missing`);
  const others = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : null;
  const wrong = Object.entries(value).flatMap(([key, property]) => {
    const inner = schema.properties?.[key] ?? others;
    if (isStrict && inner == null && schema.additionalProperties === false)
      return [`${at}.${key} is not documented`];
    return inner == null || property === undefined
      ? []
      : check(contract, { schema: inner, value: property, at: `${at}.${key}`, isStrict });
  });
  return [...missing, ...wrong];
}

function resolveRef<T extends { $ref?: string; nullable?: boolean }>(contract: Contract, schema: T): T {
  if (schema.$ref === undefined) return schema;
  const target = schema.$ref
    .split('/')
    .slice(1)
    .reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], contract) as T;
  return resolveRef(contract, { ...target, ...(schema.nullable === true ? { nullable: true } : {}) });
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

/** Splits a stream's body into the values that its schema describes. */
const splits: Record<string, (body: string) => string[]> = {
  'text/event-stream': (body) =>
    body.split(/\r?\n\r?\n/).flatMap((event) => (event.startsWith('data: ') ? [event.slice(6)] : [])),
  // `{}` keeps the connection open and is no event.
  'application/x-ndjson': (body) => body.split('\n').filter((line) => line !== ''),
  'application/stream+json': (body) => body.split('\n').filter((line) => line !== '' && line !== '{}'),
};

const patternOf = (template: string): RegExp =>
  new RegExp(`^${template.replaceAll(/[.+?^$()|[\]\\]/g, '\\$&').replaceAll(/\{[\w.\\]+\}/g, '[^/]+?')}$`);

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
