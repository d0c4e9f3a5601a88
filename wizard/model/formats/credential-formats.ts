import { editionListForm } from './edition-list.ts';
import type { AnswerName } from '../answers.ts';
import { qdrantAddress } from './qdrant-address.ts';

type FormatProblem = { message: string; remedy: string };

/** Values that show by their form what they are. Order matters: the first that fits is taken. */
const knownFormats: readonly { fits: RegExp; is: AnswerName; called: string }[] = [
  { fits: /^hf_[\w.-]{6,}$/, is: 'HF_TOKEN', called: 'a Hugging Face token' },
  { fits: /^vc[a-z]_\w{8,}$/, is: 'VERCEL_TOKEN', called: 'a Vercel token' },
  { fits: /^(AIza[\w-]{16,}|AQ\.[\w.-]{8,})$/, is: 'GEMINI_API_KEY', called: 'a Gemini key' },
  { fits: /^postgres(ql)?(\+\w+)?:\/\//i, is: 'DATABASE_URL', called: 'a Postgres connection string' },
  {
    fits: /^https?:\/\/[^/\s]*(qdrant\.(io|tech)|:633[34])(\/|$|[?#])/i,
    is: 'QDRANT_URL',
    called: 'a Qdrant URL',
  },
  { fits: /^[\w.-]+\.qdrant\.io(:\d+)?$/i, is: 'QDRANT_URL', called: 'a Qdrant URL' },
  { fits: /^napi_\w+$/, is: 'NEON_API_KEY', called: 'a Neon API key' },
  { fits: /^eyJ[\w-]+\.[\w-]+\.[\w-]*$/, is: 'QDRANT_API_KEY', called: 'a Qdrant key' },
];

/** A signed token that names who issued it or for whom: Qdrant’s have neither (its claims: access, exp, subject). */
function isForeignToken(value: string): boolean {
  const [, payload = ''] = /^eyJ[\w-]+\.([\w-]+)\./.exec(value) ?? [];
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
    return typeof claims === 'object' && claims !== null && ('iss' in claims || 'aud' in claims);
  } catch {
    return false;
  }
}

/** Keys of services that this tool has no use for. */
const unsupportedFormats: readonly { fits: RegExp; called: string }[] = [
  { fits: /^sk-ant-/, called: 'an Anthropic key' },
  { fits: /^sk-[\w-]{16,}$/, called: 'an OpenAI key' },
  { fits: /^(gh[a-z]_|github_pat_)\w+/, called: 'a GitHub token' },
  { fits: /^gsk_\w+/, called: 'a Groq key' },
  { fits: /^npg_\w+/, called: 'a Neon password alone' },
  { fits: /^npm_\w+/, called: 'an npm token' },
];

const answerFormats: Record<AnswerName, { fits: RegExp; remedy: string }> = {
  HF_TOKEN: { fits: /^hf_[\w.-]{6,}$/, remedy: 'Paste a Hugging Face token: it begins with hf_.' },
  VERCEL_TOKEN: {
    fits: /^[\w-]{16,}$/,
    remedy: 'Paste a Vercel token: 24 letters and digits, or vcp_ and more.',
  },
  HOSTING_VERCEL_TOKEN: {
    fits: /^[\w-]{16,}$/,
    remedy: 'Paste a Vercel token: 24 letters and digits, or vcp_ and more.',
  },
  GEMINI_API_KEY: {
    fits: /^(AQ\.[\w.-]{8,}|[\w.-]{30,})$/,
    remedy: 'Paste a Gemini key: newer ones begin with AQ.',
  },
  QDRANT_URL: {
    fits: /^\S{3,}$/,
    remedy: 'Paste the cluster’s URL: https://xyz.region.cloud.qdrant.io:6333',
  },
  QDRANT_API_KEY: {
    // What a header can carry, but for the signs of an address.
    fits: /^[!-.0-9;-~]{6,}$/,
    remedy: 'Paste a key of the cluster, from its page (API Keys).',
  },
  DATABASE_URL: {
    fits: /^postgres(ql)?(\+\w+)?:\/\/[^\s/@]+@[^\s/@]+\/[^\s/?]+(\?\S*)?$/i,
    remedy:
      'Paste postgresql://user:password@host/database; in a password @ / # and blanks are written %40 %2F %23 %20.',
  },
  NEON_API_KEY: { fits: /^napi_\w{10,}$/, remedy: 'Paste a Neon API key: it begins with napi_.' },
  QDRANT_CLOUD_API_KEY: {
    fits: /^[!-~]{16,}$/,
    remedy: 'Paste a management key of your Qdrant Cloud account (Access Management).',
  },
  HF_SPACE: { fits: /^[\w.-]+(\/[\w.-]+)?$/, remedy: 'Type OWNER/NAME.' },
  VERCEL_TEAM: { fits: /^[\w.-]+$/, remedy: 'Type the team’s slug or its id.' },
  VERCEL_PROJECT: { fits: /^[\w.-]+$/, remedy: 'Type the project’s name or its id.' },
  DOCS_DIR: { fits: /\S/, remedy: 'Type the folder’s path.' },
  BOOK_VERSIONS: { fits: editionListForm, remedy: 'Name versions with commas between, or all.' },
  BOOK_LOCALES: { fits: editionListForm, remedy: 'Name languages with commas between, or all.' },
  BOOK_BASE_URL: { fits: /^\/\S*$/, remedy: 'Type a path that begins with /: / alone, or /name/.' },
};

const placeholder =
  /^(<.*>|\[.*\]|\.{3,}|…|x{3,}|\*{3,}|•+|your[-_ ].*|.*[-_]here|change[-_]?me|todo)$|:\/\/(?:user:password@host|alex:AbC123dEf@)|\/\/xyz-example\./i;

/** Names of variables in the places of a connection string’s parts, as dotenv and shells would fill them in. */
const unfilled = /^postgres\S*?[/:@]\$(?:\{\w+\}|[A-Z_]{3,}(?=[:@/?]|$))/i;

/** What a page shows in the place of a password. */
const hiddenPassword =
  /:\/\/[^:@/]*:(?:\*{2,}|•+|…|x{4,}|\[[^\]@]*\]|%5B[^@]*%5D|<[^>@]*>|your[-_ ]?password)@/i;

/** Which answer a value is by its form alone, or null when many could have that form. */
export function answerByFormat(value: string): AnswerName | null {
  return isForeignToken(value) ? null : (knownFormats.find(({ fits }) => fits.test(value))?.is ?? null);
}

/** What a value is called by its form, for a sentence; null when the form says nothing. */
export function describeFormat(value: string): string | null {
  if (isForeignToken(value)) return 'a token of another service';
  return [...knownFormats, ...unsupportedFormats].find(({ fits }) => fits.test(value))?.called ?? null;
}

/** What an answer is called inside a sentence. */
export function describeAnswer(name: AnswerName): string {
  return knownFormats.find(({ is }) => is === name)?.called.replace(/^a /, '') ?? 'answer to this question';
}

/** Values that stand in examples. */
export function isPlaceholder(value: string): boolean {
  return placeholder.test(value);
}

/** Why a value cannot be this answer, decided without the network; null when it may be. */
export function formatProblem({ name, value }: { name: AnswerName; value: string }): FormatProblem | null {
  const { fits, remedy } = answerFormats[name];
  if (value === '') return { message: 'Nothing was given.', remedy };
  if (name === 'DATABASE_URL' && hiddenPassword.test(value)) {
    const how =
      'Show it on the page before you copy; Supabase writes [YOUR-PASSWORD] where your own belongs.';
    return { message: 'The password in it is hidden.', remedy: how };
  }
  if (unfilled.test(value))
    return { message: 'It names variables in the place of user, password or host.', remedy };
  if (isPlaceholder(value)) return { message: 'This is an example, not a real value.', remedy };
  const called = describeFormat(value);
  if (called !== null && answerByFormat(value) !== name)
    return { message: `This looks like ${called}.`, remedy };
  if (!fits.test(value)) return { message: mismatchReason(value, name), remedy };
  if (name !== 'QDRANT_URL') return null;
  const address = qdrantAddress(value);
  return address.ok ? null : { message: address.message, remedy: address.remedy };
}

function mismatchReason(value: string, name: AnswerName): string {
  if (/\s/.test(value) && name !== 'DOCS_DIR') return 'There is a blank inside the value.';
  return value.length < 8
    ? 'This is too short, or has an unexpected format.'
    : 'This has an unexpected format.';
}
