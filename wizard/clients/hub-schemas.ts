import * as z from 'zod';

/** Loose throughout, because the Hub adds fields without notice. */
export const runtimeSchema = z.looseObject({
  /** May be a stage that this version does not know. */
  stage: z.string(),
  errorMessage: z.string().nullish(),
  /** The commit that the running container was built from, where the Hub reports it. */
  sha: z.string().nullish(),
  domains: z.array(z.looseObject({ domain: z.string(), stage: z.string().nullish() })).nullish(),
});
export type SpaceRuntime = z.infer<typeof runtimeSchema>;

export const spaceSchema = z.looseObject({
  id: z.string(),
  sha: z.string().nullish(),
  private: z.boolean().nullish(),
  sdk: z.string().nullish(),
  host: z.string().nullish(),
  tags: z.array(z.string()).nullish(),
  cardData: z.looseObject({ tags: z.array(z.string()).nullish() }).nullish(),
  runtime: runtimeSchema.nullish(),
});
export type SpaceInfo = z.infer<typeof spaceSchema>;

export const secretsSchema = z.record(z.string(), z.looseObject({ description: z.string().nullish() }));
export type HostedSecrets = z.infer<typeof secretsSchema>;

export const variablesSchema = z.record(
  z.string(),
  z.looseObject({ value: z.string(), description: z.string().nullish() }),
);
export type HostedVariables = z.infer<typeof variablesSchema>;

export const treeSchema = z.array(
  z.looseObject({
    type: z.string(),
    path: z.string(),
    oid: z.string(),
    lfs: z.looseObject({ oid: z.string() }).nullish(),
  }),
);
export type SpaceFile = z.infer<typeof treeSchema>[number];

export const logLineSchema = z.looseObject({ data: z.string() });
