import { describe, expect, it } from 'vitest';
import type { AnswerName } from '../../../wizard/model/answers.ts';
import { parsePaste } from '../../../wizard/paste/parse-paste.ts';

const hf = `hf_${'Ab3'.repeat(11)}`;
const gemini = `AIza${'Sy-9'.repeat(9)}`;
const neon = 'postgresql://owner:npg_s3cret@ep-a-pooler.eu.aws.neon.tech/app?sslmode=require';

const valueOf = (raw: string, expected: AnswerName) => parsePaste({ raw, expected }).values[expected]?.value;

describe('a snippet', () => {
  it.each([
    ['HF_TOKEN', `login(token="${hf}")`, hf],
    ['HF_TOKEN', `from huggingface_hub import login\n\nlogin(\n  token='${hf}',\n)`, hf],
    ['GEMINI_API_KEY', `const ai = new GoogleGenAI({apiKey: "${gemini}"});`, gemini],
    ['GEMINI_API_KEY', `https://generativelanguage.googleapis.com/v1beta/models?key=${gemini}`, gemini],
    [
      'GEMINI_API_KEY',
      `curl "https://generativelanguage.googleapis.com/v1beta/models?key=${gemini}"`,
      gemini,
    ],
    ['DATABASE_URL', `import { neon } from '@neondatabase/serverless';\nconst sql = neon("${neon}");`, neon],
    ['DATABASE_URL', `datasource db {\n  provider = "postgresql"\n  url = "${neon}"\n}`, neon],
    ['GEMINI_API_KEY', `docker run -p 1:1 -e HF_TOKEN=${hf} -e "GEMINI_API_KEY=${gemini}" image`, gemini],
    ['HF_TOKEN', `docker run -e HF_TOKEN=${hf} --env GEMINI_API_KEY=${gemini} image`, hf],
  ] as const)('gives its %s: %s', (name, text, wanted) => {
    expect(valueOf(text, name)).toBe(wanted);
  });

  it('of libpq’s keywords is a connection string', () => {
    const text = "host=db.example port=6543 dbname=app user=me password='p w' sslmode=require";
    expect(valueOf(text, 'DATABASE_URL')).toMatch(/^postgres(ql)?:\/\/me:p%20w@db\.example/);
    expect(
      valueOf(`conn = psycopg.connect("host=db.example dbname=app user=me password=pw")`, 'DATABASE_URL'),
    ).toMatch(/^postgres(ql)?:\/\/me:pw@db\.example/);
  });

  it('with two different values of one form is asked about, and with the same twice is not', () => {
    const other = `hf_${'Zz9'.repeat(11)}`;
    const unclear = parsePaste({ raw: `login("${hf}") # or login("${other}")`, expected: 'HF_TOKEN' });
    expect(unclear.values).toEqual({});
    expect(unclear.problem?.remedy).toContain('only the one');
    expect(valueOf(`login("${hf}"); login("${hf}")`, 'HF_TOKEN')).toBe(hf);
  });
});

it.each(['********', '[YOUR-PASSWORD]', '•••••', '<password>'])(
  'a password shown as %s is hidden',
  (password) => {
    const raw = `postgresql://postgres:${password}@db.example:5432/postgres`;
    expect(parsePaste({ raw, expected: 'DATABASE_URL' }).problem?.message).toBe(
      'The password in it is hidden.',
    );
  },
);

it.each([
  '\u001B]11;rgb:1e1e/1e1e/1e1e\u0007',
  '\u001B]11;rgb:1e1e/1e1e/1e1e\u001B\\',
  '\u001BP>|XTerm(380)\u001B\\',
  '\u001B_Gi=31;OK\u001B\\',
  ']11;rgb:1e1e/1e1e/1e1e\\',
  '\u001B[?62;22c',
  '\u001B[?2026;2$y',
  '\u001B[<0;40;12m',
  '\u001B[M !!',
  '\u009D11;rgb:1d1d/2121/2727\u009C',
  '\u009B?62;22c',
])('a reply of the terminal, %j, is no part of a value', (reply) => {
  expect(valueOf(`${reply}${hf}`, 'HF_TOKEN')).toBe(hf);
  expect(valueOf(`${hf}${reply}`, 'HF_TOKEN')).toBe(hf);
});
