import { stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { parseEnv } from 'node:util';
import { isSecretAnswer, type AnswerName, type Answers } from '../model/answers.ts';
import { Secret } from '../model/secret.ts';
import { answerByFormat, formatProblem } from '../model/formats/credential-formats.ts';
import { answerByName } from './aliases.ts';
import { cleanText, cleanValue } from './clean.ts';
import { loginFiles, type Machine } from './login-files.ts';
import { normalise } from './normalise.ts';
import { readText } from './read-text.ts';

type DetectedValue = { name: string; raw: string; source: string };

/** Where projects like these keep their values, the likeliest first; relative to the working folder. */
const envFiles = [
  '.env.local',
  '.env',
  '.env.production',
  'backend/.env',
  'server/.env',
  'api/.env',
  'rag/.env',
];
/** No `.env` file is larger, in bytes. */
const MOST_BYTES = 256 * 1024;

/**
 * Values that lie about on this machine: variables under other names, `.env` files, the logins of other tools. Only
 * to be proposed to a person, each with its source; never to be used unasked. Never throws: what cannot be read is
 * not there.
 */
export async function detectAnswers(machine: Machine): Promise<Answers> {
  const groups = await Promise.all([
    fromEnvironment(machine),
    ...envFiles.map((file) => fromEnvFile(machine, file)),
    ...loginFiles(machine).map(async ({ path, source, read }) => {
      const text = await readSmall(path);
      return text === null ? [] : read(text).map((value) => ({ ...value, source }));
    }),
  ]);
  const answers: Answers = {};
  const ranked = groups
    .flat()
    .flatMap((detected) => {
      const alias = answerOf(detected);
      return alias === null ? [] : [{ ...detected, ...alias }];
    })
    .toSorted((a, b) => a.rank - b.rank);
  for (const { answer, raw, source } of ranked) addProposal(answers, answer, { raw, source });
  return answers;
}

/** By its name; a cluster's key under the name of a management key is recognised by its form. */
function answerOf({ name, raw }: Pick<DetectedValue, 'name' | 'raw'>): ReturnType<typeof answerByName> {
  const isClusterKey =
    name === 'QDRANT_CLOUD_API_KEY' && answerByFormat(cleanValue(raw).value) === 'QDRANT_API_KEY';
  return isClusterKey ? { answer: 'QDRANT_API_KEY', rank: 100 } : answerByName(name);
}

/** Only other names: a variable under its exact one is an answer, not a find. */
function fromEnvironment({ env }: Machine): DetectedValue[] {
  return Object.entries(env).flatMap(([name, raw]): DetectedValue[] => {
    const isOther = raw !== undefined && (answerOf({ name, raw })?.rank ?? 0) > 0;
    return isOther ? [{ name, raw, source: `${name} (environment)` }] : [];
  });
}

async function fromEnvFile({ cwd }: Machine, file: string): Promise<DetectedValue[]> {
  const path = join(cwd, file);
  const text = await readSmall(path);
  if (text === null) return [];
  return Object.entries(parseEnv(cleanText(text).value)).map(([name, raw = '']) => ({
    name,
    raw,
    source: relative(cwd, path),
  }));
}

async function readSmall(path: string): Promise<string | null> {
  try {
    const { size } = await stat(path);
    return size > MOST_BYTES ? null : await readText(path);
  } catch {
    return null;
  }
}

function addProposal(
  answers: Answers,
  name: AnswerName,
  { raw, source }: { raw: string; source: string },
): void {
  if (answers[name] !== undefined) return;
  const { value: text, cleaned: away } = cleanValue(raw);
  const normal = normalise({ name, value: text });
  const value = normal.values[name] ?? text;
  if (formatProblem({ name, value }) !== null) return;
  const cleaned = [...away, ...normal.cleaned];
  if (isSecretAnswer(name)) answers[name] = { value: new Secret(value), source, cleaned };
  else answers[name] = { value, source, cleaned };
}
