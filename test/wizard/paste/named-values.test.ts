import { describe, expect, it } from 'vitest';
import type { AnswerName } from '../../../wizard/model/answers.ts';
import { parsePaste } from '../../../wizard/paste/parse-paste.ts';

const hf = `hf_${'Ab3'.repeat(11)}`;
const other = `hf_${'Zz9'.repeat(11)}`;
const gemini = `AIza${'Sy-9'.repeat(9)}`;
const key = 'Xy12-abcDEF_34567890ghijkl-MNOPqrstuvwxyz';
const host = '11111111-2222-3333-4444-555555555555.eu-central-1-0.aws.cloud.qdrant.io';
const url = `https://${host}:6333`;
const database = 'ep-cool-dew-12345678-pooler.eu-central-1.aws.neon.tech';
const password = 'npg_AbCdEf123456';
const vercel = 'AbCdEfGhIjKlMnOpQrStUv12';

const valueOf = (raw: string, expected: AnswerName) => parsePaste({ raw, expected }).values[expected]?.value;

it.each([
  `huggingface-cli login --token ${hf}`,
  `hf auth login --token ${hf} --add-to-git-credential`,
  `hf auth login --token=${hf}`,
  `client = InferenceClient(api_key="${hf}")`,
  `const hf = new HfInference('${hf}')`,
  `Authorization: Bearer ${hf}`,
  `curl https://huggingface.co/api/whoami-v2 -H "Authorization: Bearer ${hf}"`,
  `git clone https://ana:${hf}@huggingface.co/spaces/ana/book`,
  `HF_TOKEN: ${hf}`,
  `env:\n  HF_TOKEN: ${hf}\n  GEMINI_API_KEY: "${gemini}"`,
  `    environment:\n      - HF_TOKEN=${hf}\n      - GEMINI_API_KEY=${gemini}`,
  `ENV HF_TOKEN=${hf}`,
  `ENV HF_TOKEN ${hf}`,
  `ARG HF_TOKEN=${hf}`,
  `docker run --env=HF_TOKEN=${hf} image`,
  `docker run -eHF_TOKEN=${hf} image`,
  `docker run \\\n  -e HF_TOKEN=${hf} \\\n  -e GEMINI_API_KEY=${gemini} \\\n  image`,
  `docker run -e 'HF_TOKEN=${hf}' -e QDRANT_API_KEY=${key} image`,
  `gh secret set HF_TOKEN --body "${hf}"`,
  `os.environ["HF_TOKEN"] = "${hf}"`,
  `Hi Ana, the token is ${hf}, please do not share.`,
  `token:${hf}.`,
  `(${hf})`,
  `<${hf}>`,
  `**${hf}**`,
  `\`${hf}\``,
  `| HF_TOKEN | ${hf} |`,
])('a text that names a value gives it as HF_TOKEN: %s', (text) => {
  expect(valueOf(text, 'HF_TOKEN')).toBe(hf);
});

it.each([
  `docker run -e 'HF_TOKEN=${hf}' -e QDRANT_API_KEY=${key} image`,
  `docker compose run -e QDRANT_API_KEY="${key}" web`,
  `docker run --rm -it -e QDRANT_API_KEY=${key} -p 1:1 image`,
  `fly secrets set QDRANT_API_KEY=${key} HF_TOKEN=${hf}`,
  `heroku config:set QDRANT_API_KEY=${key} HF_TOKEN=${hf} -a app`,
  `kubectl create secret generic s --from-literal=QDRANT_API_KEY=${key} --from-literal=HF_TOKEN=${hf}`,
  `os.environ["QDRANT_API_KEY"] = "${key}"`,
  `os.environ['QDRANT_URL'] = '${url}'\nos.environ['QDRANT_API_KEY'] = '${key}'`,
  `process.env.QDRANT_API_KEY = "${key}";`,
  `%env QDRANT_API_KEY=${key}`,
  `setx QDRANT_API_KEY "${key}"`,
  `set QDRANT_API_KEY=${key}`,
  `[Environment]::SetEnvironmentVariable("QDRANT_API_KEY","${key}","User")`,
  `set -gx QDRANT_API_KEY ${key}`,
  `$env:QDRANT_API_KEY='${key}'; $env:HF_TOKEN='${hf}'`,
  `$env:QDRANT_API_KEY = "${key}"\n$env:HF_TOKEN = "${hf}"`,
  `QDRANT_API_KEY=${key} HF_TOKEN=${hf} npm start`,
  `QDRANT_API_KEY=${key} \\\nHF_TOKEN=${hf} \\\nnpm start`,
  `export QDRANT_API_KEY=${key} && export HF_TOKEN=${hf}`,
  `export QDRANT_API_KEY=${key}; export HF_TOKEN=${hf}`,
  `{"mcpServers":{"qdrant":{"command":"uvx","env":{"QDRANT_URL":"${url}","QDRANT_API_KEY":"${key}"}}}}`,
  `"env": {\n  "QDRANT_URL": "${url}",\n  "QDRANT_API_KEY": "${key}"\n}`,
  `from qdrant_client import QdrantClient\n\nqdrant_client = QdrantClient(\n    url="${url}",\n    api_key="${key}",\n)\n\nprint(qdrant_client.get_collections())`,
  `import {QdrantClient} from '@qdrant/js-client-rest';\n\nconst client = new QdrantClient({\n    url: '${url}',\n    apiKey: '${key}',\n});`,
  `curl \\\n    -X GET '${url}' \\\n    --header 'api-key: ${key}'`,
  `client, err := qdrant.NewClient(&qdrant.Config{\n\tHost:   "${host}",\n\tPort:   6334,\n\tAPIKey: "${key}",\n\tUseTLS: true,\n})`,
  `let client = Qdrant::from_url("${url}")\n    .api_key("${key}")\n    .build()?;`,
  `QdrantVectorStore.from_documents(docs, embeddings, url="${url}", prefer_grpc=True, api_key="${key}", collection_name="x")`,
  `url = "${url}"\napi_key = "${key}"`,
  `Cluster: ${url}\nAPI key: ${key}`,
  `api-key: ${key}`,
  `[qdrant]\nurl = "${url}"\napi_key = "${key}"`,
  `| QDRANT_API_KEY | ${key} |`,
])('a text that names a value gives it as QDRANT_API_KEY: %s', (text) => {
  expect(valueOf(text, 'QDRANT_API_KEY')).toBe(key);
});

it.each([
  `vercel --token=${vercel} --prod`,
  `const vercel = new Vercel({ bearerToken: "${vercel}" });`,
  `curl -H "Authorization: Bearer ${vercel}" https://api.vercel.com/v2/user`,
])('a text that names a value gives it as VERCEL_TOKEN: %s', (text) => {
  expect(valueOf(text, 'VERCEL_TOKEN')).toBe(vercel);
});

describe('the parts of a connection', () => {
  it.each([
    `PGPASSWORD=${password} psql -h ${database} -U neondb_owner neondb`,
    `PGPASSWORD='${password}' psql -h ${database} -p 5432 -U neondb_owner -d neondb`,
    `jdbc:postgresql://${database}/neondb?user=neondb_owner&password=${password}&sslmode=require`,
    `Host=${database}; Database=neondb; Username=neondb_owner; Password=${password}; SSL Mode=VerifyFull`,
    `conn = psycopg2.connect(\n    host="${database}",\n    database="neondb",\n    user="neondb_owner",\n    password="${password}",\n    sslmode="require"\n)`,
    `const pool = new Pool({\n  host: '${database}',\n  database: 'neondb',\n  user: 'neondb_owner',\n  password: '${password}',\n  port: 5432,\n  ssl: { rejectUnauthorized: false },\n});`,
    `DATABASES = {\n  'default': {\n    'ENGINE': 'django.db.backends.postgresql',\n    'NAME': 'neondb',\n    'USER': 'neondb_owner',\n    'PASSWORD': '${password}',\n    'HOST': '${database}',\n    'PORT': 5432,\n  }\n}`,
    `PGHOST='${database}'\nPGDATABASE='neondb'\nPGUSER='neondb_owner'\nPGPASSWORD='${password}'\nPGSSLMODE='require'\nPGCHANNELBINDING='require'`,
    `spring.datasource.url=jdbc:postgresql://${database}/neondb?sslmode=require\nspring.datasource.username=neondb_owner\nspring.datasource.password=${password}`,
    `psql "host=${database} port=5432 dbname=neondb user=neondb_owner password=${password} sslmode=require"`,
    `user=neondb_owner password=${password} host=aws-0-eu-central-1.pooler.supabase.com port=6543 dbname=postgres`,
    `user: postgres.abcdefghijklmnop\npassword: ${password}\nhost: aws-0-eu-central-1.pooler.supabase.com\nport: 6543\ndatabase: postgres`,
    `<add name="Default" connectionString="Host=${database};Database=neondb;Username=neondb_owner;Password=${password}" />`,
    `${database}:5432:neondb:neondb_owner:${password}`,
    `$db = pg_connect("host=${database} dbname=neondb user=neondb_owner password=${password} sslmode=require");`,
  ])('are one string: %s', (text) => {
    const value = new URL(valueOf(text, 'DATABASE_URL') ?? 'nothing:');
    expect(value.protocol).toBe('postgresql:');
    expect(value.password).toBe(password);
    expect(value.hostname).toMatch(/neon\.tech$|supabase\.com$/);
    expect(value.port).toBe(text.includes('6543') ? '6543' : '');
  });

  it('have their password as it is meant, and their own mode', () => {
    const text = `host=${database} user=me password='a b\\'c' dbname=app sslmode=disable`;
    expect(valueOf(text, 'DATABASE_URL')).toBe(`postgresql://me:a%20b'c@${database}/app?sslmode=disable`);
  });

  it.each([
    `conn = psycopg2.connect(host="${database}", database="app", user="me", password="********")`,
    `PGHOST=${database}\nPGDATABASE=app\nPGUSER=me\nPGPASSWORD=************`,
    `host=${database} user=me password=[YOUR-PASSWORD] dbname=app`,
  ])('with a password that the page hides are named as that: %s', (raw) => {
    expect(parsePaste({ raw, expected: 'DATABASE_URL' }).problem?.message).toBe(
      'The password in it is hidden.',
    );
  });
});

it.each<[AnswerName, string]>([
  ['HF_TOKEN', `HF_TOKEN=${hf}\nHF_TOKEN=${other}`],
  ['HF_TOKEN', `docker run -e HF_TOKEN=${hf} -e HF_TOKEN=${other} image`],
  [
    'QDRANT_API_KEY',
    `QdrantClient(url="${url}", api_key="${key}")\nQdrantClient(url="${url}", api_key="${key}2")`,
  ],
  ['DATABASE_URL', `psql 'postgresql://a:b@${database}/app'\npsql 'postgresql://a:b@${database}/other'`],
])('two different values of one kind are asked about: %s', (expected, raw) => {
  const { values, problem } = parsePaste({ raw, expected });
  expect(values[expected]).toBeUndefined();
  expect(problem?.message).toContain('several different values');
});

it.each<[AnswerName, string, string]>([
  ['QDRANT_API_KEY', `api_key=os.getenv("QDRANT_API_KEY"), url="${url}"`, 'a name that is read'],
  [
    'QDRANT_API_KEY',
    `new QdrantClient({ url: process.env.QDRANT_URL, apiKey: process.env.QDRANT_API_KEY })`,
    'another',
  ],
  [
    'DATABASE_URL',
    `# DATABASE_URL=postgresql://old:b@${database}/app\nGEMINI_API_KEY=${gemini}`,
    'a comment',
  ],
  [
    'VERCEL_TOKEN',
    `curl -H "Authorization: Bearer ${vercel}" https://api.example.com`,
    'another host’s token',
  ],
  ['QDRANT_API_KEY', `{ openai: { api_key: "${key}" } } `, 'another service’s key'],
])('no %s is taken from %s', (expected, text) => {
  expect(valueOf(text, expected)).toBeUndefined();
});

it('a long text is read in a moment', () => {
  const units = [
    'a.',
    'user',
    'user = ',
    'password:',
    'QDRANT_API_KEY ',
    'api key ',
    '"NAME" : ',
    'host=a. ',
    '| ',
    'x://',
  ];
  for (const unit of units) {
    const before = process.cpuUsage();
    parsePaste({ raw: `qdrant vercel psql ${unit.repeat(30_000 / unit.length)}`, expected: 'DATABASE_URL' });
    expect(process.cpuUsage(before).user / 1_000, unit).toBeLessThan(1_000);
  }
});
