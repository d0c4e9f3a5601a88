import type { AnswerName } from './answers.ts';
import type { Plan } from './run/plan.ts';
import type { Service } from './service.ts';

/** One thing that must be known. The table's order is the order of the screens. */
export type QuestionSpec = {
  name: AnswerName;
  service: Service | null;
  title: string;
  /** One line on what to paste or type. */
  hint: string;
  /** The page where the value is made. */
  link: string | null;
  /** The flag that answers it; secrets have none, because argv can be read by others. */
  flag: string | null;
  masked: boolean;
  /** May be left empty with Enter. */
  optional: boolean;
};

export const questions: readonly QuestionSpec[] = [
  {
    name: 'HF_TOKEN',
    service: 'huggingface',
    title: 'Hugging Face access token',
    hint: 'A token that may write: role "write", or fine-grained with repo.write.',
    link: 'https://huggingface.co/settings/tokens',
    flag: null,
    masked: true,
    optional: false,
  },
  {
    name: 'VERCEL_TOKEN',
    service: 'vercel',
    title: 'Vercel token',
    hint: 'A token whose scope holds the book’s project.',
    link: 'https://vercel.com/account/settings/tokens',
    flag: null,
    masked: true,
    optional: false,
  },
  {
    name: 'HOSTING_VERCEL_TOKEN',
    service: 'vercel',
    title: 'Token of the Vercel account that runs the server',
    hint: 'Of another account than the book’s; its scope holds the account or a team.',
    link: 'https://vercel.com/account/settings/tokens',
    flag: null,
    masked: true,
    optional: false,
  },
  {
    name: 'GEMINI_API_KEY',
    service: 'gemini',
    title: 'Gemini API key',
    hint: 'Made in Google AI Studio; newer ones begin with AQ.',
    link: 'https://aistudio.google.com/apikey',
    flag: null,
    masked: true,
    optional: false,
  },
  {
    name: 'QDRANT_URL',
    service: 'qdrant',
    title: 'Qdrant cluster URL',
    hint: 'Looks like xyz.region.cloud.qdrant.io:6333. The cluster’s page shows it, here:',
    link: 'https://cloud.qdrant.io',
    flag: null,
    masked: false,
    optional: false,
  },
  {
    name: 'QDRANT_API_KEY',
    service: 'qdrant',
    title: 'Qdrant API key',
    hint: 'A key of that cluster that may write.',
    link: 'https://cloud.qdrant.io',
    flag: null,
    masked: true,
    optional: false,
  },
  {
    name: 'DATABASE_URL',
    service: 'postgres',
    title: 'Postgres connection string',
    hint: 'Looks like postgresql://user:password@host/database. Neon shows yours here:',
    link: 'https://console.neon.tech',
    flag: null,
    masked: true,
    optional: false,
  },
  {
    name: 'NEON_API_KEY',
    service: 'postgres',
    title: 'Neon API key',
    hint: 'Of your account; it begins with napi_. It makes the database and is not kept.',
    link: 'https://console.neon.tech/app/settings/api-keys',
    flag: null,
    masked: true,
    optional: false,
  },
  {
    name: 'QDRANT_CLOUD_API_KEY',
    service: 'qdrant',
    title: 'Qdrant Cloud management key',
    hint: 'Of the account; may read, write and delete clusters and api_keys. It makes the rest and is not kept.',
    link: 'https://cloud.qdrant.io',
    flag: null,
    masked: true,
    optional: false,
  },
  {
    name: 'VERCEL_PROJECT',
    service: 'vercel',
    title: 'Vercel project of the book',
    hint: 'Its name or id.',
    link: 'https://vercel.com/dashboard',
    flag: '--vercel-project',
    masked: false,
    optional: false,
  },
  {
    name: 'HF_SPACE',
    service: 'huggingface',
    title: 'Name of the Space',
    hint: 'OWNER/NAME; the Space is public.',
    link: null,
    flag: '--space',
    masked: false,
    optional: false,
  },
  {
    name: 'DOCS_DIR',
    service: null,
    title: 'Folder of the book',
    hint: 'The Docusaurus site, its docs folder, or the address of the live site.',
    link: null,
    flag: '--docs',
    masked: false,
    optional: false,
  },
  {
    name: 'BOOK_BASE_URL',
    service: null,
    title: 'Path of the book’s site',
    hint: 'What its addresses begin with, / or /name/: the configuration computes it (baseUrl).',
    link: null,
    flag: null,
    masked: false,
    optional: false,
  },
];

/** Why an answer cannot be used, and what to enter instead. */
export type Problem = { message: string; remedy: string };

export type Choice = {
  value: string;
  label: string;
  note: string | null;
  /** It opens the prompt's link, and the question stays. */
  opensLink?: boolean;
};

/** What a renderer is asked to put before a person. */
export type Prompt =
  | {
      type: 'value';
      question: QuestionSpec;
      /** `3 of 6`; both 1-based. */
      place: { index: number; total: number };
      /** Why it is asked again, or null. */
      problem: Problem | null;
      /** A default or found value which Enter accepts; `shown` is safe to draw. */
      proposal: { shown: string; source: string } | null;
      canGoBack: boolean;
    }
  | {
      type: 'choice';
      name: string;
      title: string;
      /** `3 of 6`, where it is one of several questions. */
      place?: { index: number; total: number };
      lines: readonly string[];
      /** Shown above these where no checklist of keys is on the screen. */
      unlisted?: readonly string[];
      choices: readonly Choice[];
      /** A page to open. */
      link?: string;
      /** For a list too long for numbers: what is typed narrows it. */
      isSearched?: boolean;
      /** A paste is a reply too, of type `value`. */
      takesPaste?: boolean;
      canGoBack: boolean;
    }
  | { type: 'confirm-plan'; plan: Plan; canGoBack: boolean }
  | { type: 'pause'; title: string; lines: readonly string[] };

export type Reply =
  /** As typed or pasted, uncleaned. */
  | { type: 'value'; raw: string }
  /** Enter on the proposal. */
  | { type: 'accept' }
  | { type: 'choice'; value: string }
  | { type: 'back' }
  | { type: 'cancel' };
