import * as z from 'zod';

const scoped = z.looseObject({
  entity: z.looseObject({ type: z.string().nullish(), name: z.string().nullish() }).nullish(),
  permissions: z.array(z.string()).nullish(),
});

/** `GET /api/whoami-v2`; `role` also knows `fineGrained`, which the vendor's own types lack. */
export const whoamiSchema = z.looseObject({
  type: z.string().nullish(),
  name: z.string(),
  isPro: z.boolean().nullish(),
  orgs: z.array(z.looseObject({ name: z.string(), roleInOrg: z.string().nullish() })).nullish(),
  auth: z
    .looseObject({
      /** `access_token`, or `oauth` for the login of `hf auth login`, which has no role. */
      type: z.string().nullish(),
      accessToken: z
        .looseObject({
          displayName: z.string().nullish(),
          role: z.string().nullish(),
          fineGrained: z
            .looseObject({ global: z.array(z.string()).nullish(), scoped: z.array(scoped).nullish() })
            .nullish(),
        })
        .nullish(),
    })
    .nullish(),
});
export type Whoami = z.infer<typeof whoamiSchema>;

/** `GET /api/organizations/{name}/overview`; without a plan the organisation is a free one. */
export const organisationSchema = z.looseObject({ plan: z.string().nullish() });

export const spaceFactsSchema = z.looseObject({
  id: z.string().nullish(),
  sdk: z.string().nullish(),
  private: z.boolean().nullish(),
});
export const spaceListSchema = z.array(spaceFactsSchema);
