import {
  isSecretAnswer,
  plainAnswers,
  secretAnswers,
  type AnswerName,
  type Answers,
} from '../model/answers.ts';
import { Secret } from '../model/secret.ts';
import { cleanValue } from './clean.ts';
import { readEnvFile } from './env-file.ts';
import { normalise } from './normalise.ts';

type Environment = Readonly<Record<string, string | undefined>>;
/** The flags that answer a question. */
type AnsweringFlags = {
  space: string | null;
  vercelProject: string | null;
  vercelTeam: string | null;
  docs: string | null;
  versions?: string | null;
  locales?: string | null;
};

/**
 * The answers that need no asking: flags, then variables under their exact names, then `--env-file`, as Node itself
 * ranks the last two; `env` may hold the file's values already. Empty values count as absent. What a value is worth, its check says.
 * Throws Failure `env-file` (usage).
 */
export async function answersFrom(options: {
  env: Environment;
  flags: AnsweringFlags;
  envFile?: string;
  /** Names of variables that are in `env` because of the project's file. */
  fromProjectFile?: readonly string[];
}): Promise<Answers> {
  const { env, flags, envFile, fromProjectFile = [] } = options;
  const sourceOf = (name: AnswerName): string =>
    fromProjectFile.includes(name)
      ? 'rag-space.json'
      : env[name] === file[name]
        ? (envFile ?? '')
        : 'environment';
  const file = envFile === undefined ? {} : await readEnvFile({ path: envFile });
  const byFlag: Environment = {
    HF_SPACE: flags.space ?? undefined,
    VERCEL_PROJECT: flags.vercelProject ?? undefined,
    VERCEL_TEAM: flags.vercelTeam ?? undefined,
    DOCS_DIR: flags.docs ?? undefined,
    BOOK_VERSIONS: flags.versions ?? undefined,
    BOOK_LOCALES: flags.locales ?? undefined,
  };
  const flagNames: Partial<Record<AnswerName, string>> = {
    HF_SPACE: '--space',
    VERCEL_PROJECT: '--vercel-project',
    VERCEL_TEAM: '--vercel-team',
    DOCS_DIR: '--docs',
    BOOK_VERSIONS: '--versions',
    BOOK_LOCALES: '--locales',
  };
  const answers: Answers = {};
  for (const name of [...secretAnswers, ...plainAnswers]) {
    const sources = [
      { values: byFlag, source: flagNames[name] ?? '' },
      { values: env, source: sourceOf(name) },
      { values: file, source: envFile ?? '' },
    ];
    const match = sources.find(({ values }) => (values[name] ?? '').trim() !== '');
    if (match !== undefined) put(answers, name, { raw: match.values[name] ?? '', source: match.source });
  }
  return answers;
}

function put(answers: Answers, name: AnswerName, { raw, source }: { raw: string; source: string }): void {
  const { value, cleaned: away } = cleanValue(raw);
  const normal = normalise({ name, value });
  const cleaned = [...away, ...normal.cleaned];
  for (const [key, text] of Object.entries(normal.values) as [AnswerName, string][]) {
    if (key !== name && answers[key] !== undefined) continue;
    if (isSecretAnswer(key)) answers[key] = { value: new Secret(text), source, cleaned };
    else answers[key] = { value: text, source, cleaned };
  }
}
