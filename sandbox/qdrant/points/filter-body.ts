import * as z from 'zod';
import { formatError } from '../errors.ts';

const uuid =
  /^(?:urn:uuid:)?(\{)?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{32})(\})?$/i;

/** An unsigned integer or a UUID in any of its forms, as it is stored: hyphenated and in lower case; null for anything else. */
export function parsePointId(value: number | string): PointId | null {
  if (typeof value === 'number') return Number.isInteger(value) && value >= 0 ? value : null;
  const [, opening, digits, closing] = uuid.exec(value) ?? [];
  if (digits === undefined || (opening === undefined) !== (closing === undefined)) return null;
  const hex = digits.replaceAll('-', '').toLowerCase();
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
export type PointId = number | string;

export const pointId = z.union([z.number(), z.string()]).transform((value): PointId => {
  const id = parsePointId(value);
  if (id === null) {
    throw formatError(
      `value ${value} is not a valid point ID, valid values are either an unsigned integer or a UUID`,
    );
  }
  return id;
});

/** The vendor takes a lone element where a list may stand. */
export const oneOrMany = <T extends z.ZodType>(schema: T) =>
  z.union([z.array(schema), schema.transform((single) => [single])]).nullish();

export type MatchCondition = {
  value?: unknown;
  any?: unknown[];
  except?: unknown[];
  text?: string;
  text_any?: string;
  phrase?: string;
  prefix?: string;
};
export type FieldCondition = {
  key: string;
  match?: MatchCondition | null | undefined;
  range?: Record<string, number | string | null> | null | undefined;
  values_count?: Record<string, number | null> | null | undefined;
  is_empty?: boolean | null | undefined;
  is_null?: boolean | null | undefined;
};
export type Condition =
  | FieldCondition
  | { is_empty: { key: string } }
  | { is_null: { key: string } }
  | { has_id: PointId[] }
  | { has_vector: string }
  | { nested: { key: string; filter: Filter } }
  | Filter;
export type Filter = {
  must?: Condition[] | null | undefined;
  should?: Condition[] | null | undefined;
  must_not?: Condition[] | null | undefined;
  min_should?: { conditions: Condition[]; min_count: number } | null | undefined;
};

const bounds = z.record(z.string(), z.union([z.number(), z.string()]).nullable());
const fieldCondition = z.looseObject({
  key: z.string(),
  match: z
    .looseObject({
      value: z.unknown().optional(),
      any: z.array(z.unknown()).optional(),
      except: z.array(z.unknown()).optional(),
      text: z.string().optional(),
      text_any: z.string().optional(),
      phrase: z.string().optional(),
      prefix: z.string().optional(),
    })
    .nullish(),
  range: bounds.nullish(),
  values_count: z.record(z.string(), z.number().nullable()).nullish(),
  is_empty: z.boolean().nullish(),
  is_null: z.boolean().nullish(),
  // Of the vendor, not of the stand-in: refused, so that no filter is quietly wider than it says.
  geo_bounding_box: z.null().optional(),
  geo_radius: z.null().optional(),
  geo_polygon: z.null().optional(),
});
const condition: z.ZodType<Condition> = z.lazy(() =>
  z.union([
    fieldCondition as unknown as z.ZodType<FieldCondition>,
    z.object({ is_empty: z.object({ key: z.string() }) }),
    z.object({ is_null: z.object({ key: z.string() }) }),
    z.object({ has_id: z.array(pointId) }),
    z.object({ has_vector: z.string() }),
    z.object({ nested: z.object({ key: z.string(), filter }) }),
    filter,
  ]),
);
export const filter: z.ZodType<Filter> = z.lazy(() =>
  z.strictObject({
    must: oneOrMany(condition),
    should: oneOrMany(condition),
    must_not: oneOrMany(condition),
    min_should: z.object({ conditions: z.array(condition), min_count: z.number() }).nullish(),
  }),
);
