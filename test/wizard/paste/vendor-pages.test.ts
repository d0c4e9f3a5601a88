import { describe, expect, it } from 'vitest';
import type { AnswerName } from '../../../wizard/model/answers.ts';
import { parsePaste } from '../../../wizard/paste/parse-paste.ts';

const hf = `hf_${'Ab3'.repeat(11)}x`;
const gemini = `AQ.${'Ab8RN6Jc'.repeat(6)}`;
const password = 'npg_Xa7bQ2cR9dSe';
const host = 'ep-cool-a1b2-pooler.eu-central-1.aws.neon.tech';
const neon = `postgresql://owner:${password}@${host}/app?sslmode=require&channel_binding=require`;
const parts = `postgresql://owner:${password}@${host}/app?sslmode=require`;
const clusterHost = '1a2b3c4d.eu-central-1-0.aws.cloud.qdrant.io';
const jwt = (claims: object): string =>
  `eyJhbGciOiJIUzI1NiJ9.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.AbCdEfGhIjKlMnOp`;
const qdrantKey = jwt({ access: 'm', subject: 'api-key:1' });

const valuesOf = (raw: string, expected: AnswerName) =>
  Object.fromEntries(
    Object.entries(parsePaste({ raw, expected }).values).map(([name, { value }]) => [name, value]),
  );

// As the vendors' consoles and their packages' documentation write them.
describe('a snippet of a vendor’s page', () => {
  it.each([
    [
      'of .NET, in its JSON of settings',
      `{"ConnectionStrings": {"Default": "Host=${host};Database=app;Username=owner;Password=${password}"}}`,
      { DATABASE_URL: parts },
    ],
    [
      'that is JSON of parts',
      JSON.stringify({ host, user: 'owner', password, database: 'app' }),
      { DATABASE_URL: parts },
    ],
    [
      'that is a card with tabs',
      `Host\t${host}\nDatabase\tapp\nRole\towner\nPassword\t${password}`,
      { DATABASE_URL: parts },
    ],
    [
      'of a Java pool',
      `config.setJdbcUrl("jdbc:postgresql://${host}/app");\nconfig.setUsername("owner");\nconfig.setPassword("${password}");`,
      { DATABASE_URL: parts },
    ],
    [
      'that fills a string from parts',
      `PGHOST=${host}\nPGDATABASE=app\nPGUSER=owner\nPGPASSWORD=${password}\nDATABASE_URL=postgresql://\${PGUSER}:\${PGPASSWORD}@\${PGHOST}/\${PGDATABASE}`,
      { DATABASE_URL: parts },
    ],
    [
      'with a whole string beside its parts',
      JSON.stringify({ uri: neon, parameters: { host, user: 'other', password, database: 'app' } }),
      { DATABASE_URL: neon },
    ],
    [
      'as a page’s source has it',
      `DATABASE_URL=&quot;${neon.replace('&', '&amp;')}&quot;`,
      { DATABASE_URL: neon },
    ],
    [
      'of Go',
      `qdrant.NewClient(&qdrant.Config{\n\tHost: "${clusterHost}",\n\tPort: 6334,\n\tAPIKey: "${qdrantKey}",\n})`,
      { QDRANT_URL: clusterHost, QDRANT_API_KEY: qdrantKey },
    ],
    [
      'of Java',
      `QdrantGrpcClient.newBuilder("${clusterHost}", 6334, true).withApiKey("${qdrantKey}").build()`,
      { QDRANT_URL: clusterHost, QDRANT_API_KEY: qdrantKey },
    ],
    [
      'with one cluster’s address for each protocol',
      `Endpoint https://${clusterHost}\nREST https://${clusterHost}:6333\nGRPC https://${clusterHost}:6334`,
      { QDRANT_URL: `https://${clusterHost}` },
    ],
    [
      'of Vercel’s login file',
      '{"// Note": "This is your Vercel credentials file.", "token": "a1B2c3D4e5F6g7H8i9J0k1L2"}',
      { VERCEL_TOKEN: 'a1B2c3D4e5F6g7H8i9J0k1L2' },
    ],
    [
      'with a signed token of another service',
      `VERCEL_OIDC_TOKEN=${jwt({ iss: 'https://oidc.example', aud: 'x' })}\nSUPABASE_ANON_KEY=${jwt({ iss: 'supabase' })}\nHF_TOKEN=${hf}`,
      { HF_TOKEN: hf },
    ],
  ] as [string, string, Partial<Record<AnswerName, string>>][])('%s', (_, text, wanted) => {
    expect(valuesOf(text, Object.keys(wanted)[0] as AnswerName)).toEqual(wanted);
  });

  it.each([
    ['DATABASE_URL', neon.slice(0, 70), neon.slice(70)],
    ['DATABASE_URL', neon.slice(0, -12), neon.slice(-12)],
    ['GEMINI_API_KEY', gemini.slice(0, 30), gemini.slice(30)],
    ['HF_TOKEN', hf.slice(0, 20), hf.slice(20)],
  ] as const)('with a %s that a terminal broke is one value', (name, first, second) => {
    for (const text of [
      `${first}\n${second}`,
      `${first}\r\n  ${second}\r\n`,
      `${name}=${first}\n${second}`,
      `${name}="${first}\n${second}"`,
    ])
      expect(valuesOf(text, name)).toEqual({ [name]: first + second });
  });

  it('with a word after a whole token holds the token alone', () => {
    expect(valuesOf(`${hf}\nbook-token`, 'HF_TOKEN')).toEqual({ HF_TOKEN: hf });
  });

  it.each([
    ['postgresql://alex:AbC123dEf@ep-cool.us-east-2.aws.neon.tech/dbname', /example/],
    [`postgresql://owner:\${PGPASSWORD}@${host}/app`, /names variables/],
  ])('is no value: %s', (raw, why) => {
    const { values, problem } = parsePaste({ raw, expected: 'DATABASE_URL' });
    expect([values, problem?.message]).toEqual([{}, expect.stringMatching(why)]);
  });
});
