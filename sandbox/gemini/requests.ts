/** Schemas of the request bodies. Unknown fields are refused, as the vendor does. */
import * as z from 'zod';
import { GeminiApiError, invalidArgument } from './errors.ts';

/** `system` is for a system instruction only, where any role is ignored. */
const roles = new Set(['user', 'model', 'function', '']);
const part = z.looseObject({ text: z.string().optional() });
const content = z.looseObject({
  role: z
    .string()
    .refine((role) => {
      if (!roles.has(role)) throw invalidArgument('Please use a valid role: user, model.');
      return true;
    })
    .optional(),
  parts: z.union([z.array(part), part.transform((single) => [single])]),
});

const instruction = content.extend({ role: z.string().optional() });
const thinkingLevels = ['MINIMAL', 'LOW', 'MEDIUM', 'HIGH', 'THINKING_LEVEL_UNSPECIFIED'] as const;
const thinking = z.looseObject({
  includeThoughts: z.boolean().optional(),
  thinkingBudget: z.number().optional(),
  thinkingLevel: z
    .string()
    .transform((level) => level.toUpperCase())
    .pipe(z.enum(thinkingLevels))
    .optional(),
});
const generationConfig = z.looseObject({
  maxOutputTokens: z.number().int().optional(),
  stopSequences: z.array(z.string()).optional(),
  thinkingConfig: thinking.optional(),
});
export const generateBody = z.looseObject({
  contents: z.array(content).default([]),
  systemInstruction: z
    .union([instruction, z.string().transform((text) => ({ parts: [{ text }] }))])
    .optional(),
  generationConfig: generationConfig.optional(),
});
export type GenerateBody = z.output<typeof generateBody>;

/** `:countTokens` accepts contents, or a whole request. */
export const countBody = z.looseObject({
  contents: z.array(content).default([]),
  generateContentRequest: generateBody.optional(),
});

export const embedBody = z.looseObject({
  model: z.string().optional(),
  content: content.optional(),
  taskType: z.string().optional(),
  title: z.string().optional(),
  outputDimensionality: z.number().int().optional(),
});
export type EmbedBody = z.output<typeof embedBody>;
export const batchEmbedBody = z.looseObject({ requests: z.array(embedBody).default([]) });

const knownFields = {
  generate:
    'model contents systemInstruction tools toolConfig safetySettings generationConfig cachedContent labels serviceTier store',
  embed: 'model content taskType title outputDimensionality embedContentConfig',
  batch: 'model requests',
  count: 'model contents generateContentRequest',
  config:
    'candidateCount stopSequences maxOutputTokens temperature topP topK seed responseMimeType responseSchema ' +
    'responseJsonSchema responseJsonSchemaOrdered presencePenalty frequencyPenalty responseLogprobs logprobs ' +
    'enableEnhancedCivicAnswers responseModalities speechConfig thinkingConfig imageConfig mediaResolution',
} as const;

/** Parses a body with camelCase or snake_case names; throws 400. */
export function parseBody<T extends z.ZodType>(
  { schema, kind }: { schema: T; kind: keyof typeof knownFields },
  body: () => unknown,
): z.output<T> {
  let value: unknown;
  try {
    value = camelKeys(body());
  } catch {
    throw invalidArgument('Invalid JSON payload received. Unexpected token.');
  }
  if (!isRecord(value)) throw invalidArgument('Invalid value (root): expected an object.');
  refuseUnknown(value, { names: knownFields[kind], at: '' });
  if (isRecord(value['generationConfig'])) {
    refuseUnknown(value['generationConfig'], { names: knownFields.config, at: 'generation_config' });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw invalidArgument(
    `Invalid value at '${issue?.path.join('.') ?? ''}': ${issue?.message ?? 'not readable'}`,
  );
}

/** The text of all parts, one per line. */
export const textOf = (content: { parts: readonly { text?: string | undefined }[] }): string =>
  content.parts.map(({ text }) => text ?? '').join('\n');

function refuseUnknown(value: Record<string, unknown>, { names, at }: { names: string; at: string }): void {
  const allowed = new Set(names.split(' '));
  const unknown = Object.keys(value).find((key) => !allowed.has(key));
  if (unknown === undefined) return;
  const description = `Invalid JSON payload received. Unknown name "${unknown}"${at === '' ? '' : ` at '${at}'`}: Cannot find field.`;
  throw new GeminiApiError({
    code: 400,
    status: 'INVALID_ARGUMENT',
    message: description,
    details: [
      {
        '@type': 'type.googleapis.com/google.rpc.BadRequest',
        fieldViolations: [{ ...(at === '' ? {} : { field: at }), description }],
      },
    ],
  });
}

function camelKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camelKeys);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, property]) => [
      key.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      camelKeys(property),
    ]),
  );
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
