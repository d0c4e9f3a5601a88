import { describe, expect, it } from 'vitest';
import { parsePaste } from '../../../wizard/paste/parse-paste.ts';
import { questions } from '../../../wizard/model/question.ts';

const keys = {
  HF_TOKEN: 'hf_AbCdEfGhIjKlMnOpQrStUvWxYz01234567',
  VERCEL_TOKEN: 'aB3dE6gH9jK2mN5pQ8rS1tU4',
  GEMINI_API_KEY: 'AQ.Ab8RN6I_x-y.z0123456789',
  QDRANT_URL: 'https://1a2b.eu-central.aws.cloud.qdrant.io:6333',
  QDRANT_API_KEY: 'eyJhbGciOiJIUzI1NiJ9.eyJhY2Nlc3MiOiJtIn0.c2lnbmF0dXJl',
  DATABASE_URL: 'postgresql://me:pw@ep-a-pooler.eu.aws.neon.tech/db?sslmode=require&channel_binding=require',
};
const parsed = (
  raw: string,
  expected: keyof typeof keys | 'HF_SPACE' | 'VERCEL_PROJECT' | 'DOCS_DIR' = 'HF_TOKEN',
) => {
  const { values, ...rest } = parsePaste({ raw, expected });
  return {
    ...rest,
    values: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value.value])),
  };
};

describe('a paste of several values', () => {
  it('takes a whole .env, whatever question was asked', () => {
    const lines = Object.entries(keys).map(([name, value]) => `${name}="${value}"`);
    const raw = `\uFEFF# mine\r\n${lines.join('\r\n')}\r\nLOG_LEVEL=INFO # why\r\nEMPTY=\r\n`;
    expect(parsed(raw, 'GEMINI_API_KEY')).toEqual({
      values: keys,
      used: 6,
      ignored: 2,
      ignoredNames: ['LOG_LEVEL', 'EMPTY'],
      problem: null,
    });
  });

  it.each(['; ', ' ', ' && '])('takes a second assignment on one line, after “%s”', (between) => {
    const raw = `export GEMINI_API_KEY="${keys.GEMINI_API_KEY}"${between}QDRANT_URL=${keys.QDRANT_URL}`;
    const { GEMINI_API_KEY, QDRANT_URL } = keys;
    expect(parsed(raw).values).toEqual({ GEMINI_API_KEY, QDRANT_URL });
  });

  it('knows other names of the same, and lets the exact one win', () => {
    const raw = [
      `export HUGGING_FACE_HUB_TOKEN=${keys.HF_TOKEN}`,
      `NEON_DATABASE_URL=postgresql://old:pw@host.neon.tech/db`,
      `DATABASE_URL='${keys.DATABASE_URL}'`,
      `GOOGLE_API_KEY = ${keys.GEMINI_API_KEY}  # from AI Studio`,
    ].join('\n');
    const { HF_TOKEN, DATABASE_URL, GEMINI_API_KEY } = keys;
    expect(parsed(raw)).toEqual({
      values: { HF_TOKEN, DATABASE_URL, GEMINI_API_KEY },
      used: 3,
      ignored: 1,
      ignoredNames: ['NEON_DATABASE_URL'],
      problem: null,
    });
  });

  it('takes no management key of Qdrant for a cluster’s, and a cluster’s under its name by its form', () => {
    const management = 'QDRANT_CLOUD_API_KEY=5f1e2d3c-manages-the-account';
    for (const raw of [`${management}\nGEMINI_API_KEY=${keys.GEMINI_API_KEY}`, management])
      expect(parsed(raw, 'QDRANT_API_KEY').values).not.toHaveProperty('QDRANT_API_KEY');
    const cluster = `QDRANT_CLOUD_API_KEY=${keys.QDRANT_API_KEY}\nLOG_LEVEL=info`;
    expect(parsed(cluster, 'QDRANT_API_KEY').values).toEqual({ QDRANT_API_KEY: keys.QDRANT_API_KEY });
  });

  it('names what it ignored, but neither a value nor what could be one', () => {
    const json = { HF_TOKEN: keys.HF_TOKEN, PORT_NAME: '1', hf_AbCdEfGhIjKl: 'x', 'a b': 'y' };
    expect(parsed(JSON.stringify(json))).toMatchObject({ used: 1, ignored: 3, ignoredNames: ['PORT_NAME'] });
    const neon = 'PGHOST=ep-a.neon.tech\nPGUSER=me\nPGPASSWORD=pw\nPGDATABASE=db\nPGSSLMODE=require';
    expect(parsed(`${neon}\nPGCHANNELBINDING=require`).ignoredNames).toEqual(['PGCHANNELBINDING']);
  });

  it('believes a value’s form more than its name, and no example', () => {
    const raw = `GEMINI_API_KEY=${keys.HF_TOKEN}\nQDRANT_API_KEY=your-api-key\nMY_DB=${keys.DATABASE_URL}`;
    const { HF_TOKEN, DATABASE_URL } = keys;
    expect(parsed(raw)).toMatchObject({ values: { HF_TOKEN, DATABASE_URL }, used: 2, ignored: 1 });
  });

  it.each([
    [
      'JSON',
      JSON.stringify({
        env: { qdrant_url: keys.QDRANT_URL },
        list: [{ key: 'QDRANT_API_KEY', value: keys.QDRANT_API_KEY }],
      }),
    ],
    [
      'curl',
      `curl \\\n  -X GET '${keys.QDRANT_URL}/collections' \\\n  --header 'api-key: ${keys.QDRANT_API_KEY}'`,
    ],
    [
      'the console’s Python',
      `from qdrant_client import QdrantClient\n\nqdrant_client = QdrantClient(\n    url="${keys.QDRANT_URL}", \n    api_key="${keys.QDRANT_API_KEY}",\n)\n\nprint(qdrant_client.get_collections())`,
    ],
  ])('%s of Qdrant fills both answers', (_, raw) => {
    const { QDRANT_URL, QDRANT_API_KEY } = keys;
    expect(parsed(raw, 'QDRANT_URL')).toMatchObject({
      values: { QDRANT_URL, QDRANT_API_KEY },
      problem: null,
    });
  });

  it('takes values without names when each shows what it is, also where a folder is asked for', () => {
    const { QDRANT_URL, QDRANT_API_KEY } = keys;
    const both = { values: { QDRANT_URL, QDRANT_API_KEY }, used: 2 };
    expect(parsed(`${QDRANT_URL}\n${QDRANT_API_KEY}\n`, 'QDRANT_URL')).toMatchObject({
      ...both,
      problem: null,
    });
    expect(parsed(`QDRANT_URL=${QDRANT_URL}\nQDRANT_API_KEY=${QDRANT_API_KEY}`, 'DOCS_DIR')).toMatchObject(
      both,
    );
  });

  it('takes psql lines, and Neon’s parts', () => {
    const { DATABASE_URL } = keys;
    expect(parsed(`psql '${DATABASE_URL}'`, 'DATABASE_URL')).toMatchObject({
      values: { DATABASE_URL },
      problem: null,
    });
    expect(parsed(`$ psql "${DATABASE_URL}"\n`)).toMatchObject({ values: { DATABASE_URL } });
    const parts = `PGHOST='ep-a.neon.tech'\nPGDATABASE='db'\nPGUSER='me'\nPGPASSWORD='p@ss'\n`;
    expect(parsed(parts, 'DATABASE_URL').values).toEqual({
      DATABASE_URL: 'postgresql://me:p%40ss@ep-a.neon.tech/db?sslmode=require',
    });
  });
});

describe('a paste from a terminal', () => {
  it.each(['$ export ', '% ', '> ', 'PS C:\\Users\\ana> $env:', 'C:\\book>set '])(
    'loses the prompt %j of its shell',
    (prompt) => {
      const raw = `${prompt}HF_TOKEN=${keys.HF_TOKEN}\n${prompt}GEMINI_API_KEY=${keys.GEMINI_API_KEY}\n`;
      const { HF_TOKEN, GEMINI_API_KEY } = keys;
      expect(parsed(raw)).toMatchObject({ values: { HF_TOKEN, GEMINI_API_KEY }, ignored: 0, problem: null });
      expect(parsed(`${prompt}HF_TOKEN=${keys.HF_TOKEN}`).values).toEqual({ HF_TOKEN });
    },
  );
});

it('that holds nothing for the question on screen says so', () => {
  const { values, problem } = parsed(`psql '${keys.DATABASE_URL}'`, 'HF_TOKEN');
  expect(values).toEqual({ DATABASE_URL: keys.DATABASE_URL });
  expect(problem).toMatchObject({
    message: 'That holds no Hugging Face token; what it holds is kept for its own question.',
    remedy: expect.stringContaining('hf_'),
  });
});

describe('a paste of one value', () => {
  it.each(Object.entries(keys))('%s is taken for its own question', (name, value) => {
    const expected = name as keyof typeof keys;
    const clean = { values: { [name]: value }, used: 1, ignored: 0, ignoredNames: [], problem: null };
    for (const raw of [
      value,
      `"${value}"\n`,
      `${name}=${value}`,
      `export ${name}='${value}'\r\n`,
      ` ${value} `,
    ]) {
      expect(parsed(raw, expected)).toEqual(clean);
    }
  });

  it('is understood in the line that sets it in PowerShell, cmd and fish', () => {
    const { HF_TOKEN } = keys;
    for (const raw of [
      `$Env:HF_TOKEN = '${HF_TOKEN}'`,
      `PS C:\\book> $ENV:HF_TOKEN="${HF_TOKEN}"`,
      `setx HF_TOKEN ${HF_TOKEN}`,
      `setx HF_TOKEN "${HF_TOKEN}" /M`,
      `set "HF_TOKEN=${HF_TOKEN}"`,
      `SET HF_TOKEN=${HF_TOKEN}\r\n`,
      `set -gx HF_TOKEN ${HF_TOKEN}`,
    ])
      expect(parsed(raw).values, raw).toEqual({ HF_TOKEN });
    expect(parsed('setx back', 'HF_TOKEN').values).toEqual({});
  });

  it('is kept for its own question when pasted into another’s field', () => {
    for (const [name, value] of Object.entries(keys)) {
      // A bare Vercel token of 24 letters could be anybody's.
      if (name === 'VERCEL_TOKEN') continue;
      const expected = name === 'HF_TOKEN' ? 'VERCEL_TOKEN' : 'HF_TOKEN';
      expect(parsed(value, expected)).toMatchObject({ values: { [name]: value }, used: 1 });
      expect(parsed(value, expected).problem?.message).toMatch(/kept for its own question/);
    }
  });

  it.each(['back', 'exit', '?', 'q', 'sk-abcdefghijklmnopqrstu', 'your_api_key_here', 'two words here'])(
    '%s is data, and no key',
    (raw) => {
      for (const { name, masked } of questions) {
        if (!masked) continue;
        const { values, problem } = parsed(raw, name as keyof typeof keys);
        expect(values).toEqual({});
        expect(problem).toMatchObject({ message: expect.any(String), remedy: expect.stringMatching(/\S/) });
      }
    },
  );

  it('is no Gemini key when it has the length of a Vercel token', () => {
    expect(parsed(keys.VERCEL_TOKEN, 'GEMINI_API_KEY').problem).not.toBeNull();
  });

  it('reads pages’ addresses, and a folder dropped on the terminal', () => {
    expect(parsed('https://huggingface.co/spaces/ana/book-api', 'HF_SPACE').values).toEqual({
      HF_SPACE: 'ana/book-api',
    });
    expect(parsed('https://vercel.com/lab/book/settings', 'VERCEL_PROJECT').values).toEqual({
      VERCEL_PROJECT: 'book',
      VERCEL_TEAM: 'lab',
    });
    expect(parsed("'/home/ana/My\\ Book'", 'DOCS_DIR').values).toEqual({ DOCS_DIR: '/home/ana/My Book' });
  });

  it('encodes what a password must not hold as it is, and only that', () => {
    const { values, problem } = parsePaste({
      raw: 'postgres://me:p@s/s#1%?%20@h.neon.tech/db?a=b/c',
      expected: 'DATABASE_URL',
    });
    expect(problem).toBeNull();
    expect(values.DATABASE_URL).toEqual({
      value: 'postgres://me:p%40s%2Fs%231%25%3F%20@h.neon.tech/db?a=b/c',
      cleaned: ['unencoded password'],
    });
  });

  it('is never two of one kind joined at the line end, and the same twice is one', () => {
    const { HF_TOKEN, DATABASE_URL, GEMINI_API_KEY, VERCEL_TOKEN } = keys;
    for (const [name, value] of Object.entries({ HF_TOKEN, DATABASE_URL, GEMINI_API_KEY })) {
      const expected = name as keyof typeof keys;
      const other = name === 'DATABASE_URL' ? 'postgresql://you:pw@other.neon.tech/db' : `${value}0`;
      expect(parsed(`${value}\r\n${other}`, expected)).toMatchObject({
        values: {},
        ignored: 2,
        problem: { message: 'That is 2 values, one a line.' },
      });
      expect(parsed(`"${value}"\n\n${value}\n`, expected)).toMatchObject({
        values: { [name]: value },
        problem: null,
      });
    }
    // A long one that a terminal broke is still one.
    expect(parsed(`${VERCEL_TOKEN.slice(0, 9)}\n${VERCEL_TOKEN.slice(9)}`, 'VERCEL_TOKEN').values).toEqual({
      VERCEL_TOKEN,
    });
  });

  it('is no Qdrant key with a letter that no header can carry', () => {
    for (const odd of ['“', '✓', 'ü'])
      expect(parsed(`abcdefgh${odd}ijklmnop`, 'QDRANT_API_KEY').problem?.message).toBe(
        'This has an unexpected format.',
      );
    expect(parsed('abc|def-1234+ghij=', 'QDRANT_API_KEY').problem).toBeNull();
  });

  it('says what was cleaned', () => {
    expect(
      parsePaste({ raw: `[200~"${keys.HF_TOKEN}"\n[201~`, expected: 'HF_TOKEN' }).values.HF_TOKEN?.cleaned,
    ).toEqual(expect.arrayContaining(['paste markers', 'quotes', 'newline']));
  });
});
