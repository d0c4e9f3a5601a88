import type { Contract } from './contract.ts';

type SwaggerOperation = {
  parameters?: { in: string; name: string; schema?: object }[];
  responses: Record<string, { schema?: object }>;
};
type Swagger = { swagger: string; paths: Record<string, Record<string, SwaggerOperation>> };

/** A document of Swagger 2 in the form of OpenAPI 3: bodies are JSON. Any other is returned as it is. */
export function withoutSwagger2(document: object): Contract {
  if (!isSwagger(document)) return document as Contract;
  const content = (schema: object | undefined): object =>
    schema === undefined ? {} : { content: { 'application/json': { schema } } };
  const operationOf = ({ parameters = [], responses }: SwaggerOperation): object => ({
    parameters: parameters.filter((parameter) => parameter.in !== 'body'),
    requestBody: content(parameters.find((parameter) => parameter.in === 'body')?.schema),
    responses: mapValues(responses, ({ schema }) => content(schema)),
  });
  const paths = mapValues(document.paths, (methods) => mapValues(methods, operationOf));
  return withoutExtras({ ...document, paths }) as Contract;
}

function isSwagger(document: object): document is Swagger {
  return 'swagger' in document;
}

/** A field that the document does not have is refused in a request. */
function withoutExtras(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutExtras);
  if (typeof value !== 'object' || value === null) return value;
  const inner = mapValues(value as Record<string, unknown>, withoutExtras);
  const isSchema = inner['type'] === 'object' && typeof inner['properties'] === 'object';
  return isSchema ? { additionalProperties: false, ...inner } : inner;
}

function mapValues<T, R>(values: Record<string, T>, change: (value: T) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value)]));
}
