import * as z from 'zod';
import { stampPointId, stampSchema } from '../../../server/collection/stamp.ts';

const vector = z.looseObject({ size: z.number(), distance: z.string() });
/** `GET /collections/{name}`; `vectors` is one unnamed vector, or several by name. */
export const collectionSchema = z.looseObject({
  result: z.looseObject({
    points_count: z.number().nullish(),
    config: z.looseObject({
      params: z.looseObject({ vectors: z.union([vector, z.record(z.string(), vector)]).nullish() }),
    }),
  }),
});
export const stampPointSchema = z.looseObject({
  result: z.array(z.looseObject({ payload: z.unknown() })),
});

export const stampRequest = { ids: [stampPointId], with_payload: true, with_vector: false } as const;

/** `docusaurus-book: 207 points of 768 dimensions, Cosine, written by gemini-embedding-2`. */
export function collectionText(collection: {
  name: string;
  info: z.infer<typeof collectionSchema>['result'];
  stamp: z.infer<typeof stampPointSchema>['result'];
}): string {
  const { name, info, stamp } = collection;
  const { vectors } = info.config.params;
  const dense =
    vectors == null ? undefined : 'size' in vectors ? vector.safeParse(vectors).data : vectorIn(vectors);
  const shape = dense === undefined ? 'no dense vector' : `${dense.size} dimensions, ${dense.distance}`;
  const written = stampSchema.safeParse(stamp[0]?.payload).data;
  const by = written === undefined ? 'by what model is not noted' : `written by ${written.embedding_model}`;
  return `${name}: ${info.points_count ?? 0} points of ${shape}, ${by}`;
}

function vectorIn(vectors: object): z.infer<typeof vector> | undefined {
  return Object.values(vectors).flatMap((value) => vector.safeParse(value).data ?? [])[0];
}
