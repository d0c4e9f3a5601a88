import { definitionOf, type Definition } from './definitions.ts';
import { usesOf, type Use } from './flow.ts';
import { meaningOf, type Meaning } from './meaning.ts';
import { frameworkOf, type FrameworkFound } from './names.ts';
import { readsOf, type Read } from './reads.ts';
import { rewriteOf, type Rewrite } from './rewrites.ts';
import { isInText, placeAt, scriptsOf, type Files, type Place, type SourceFile } from './source.ts';

export type Mechanism =
  | 'custom-fields'
  | 'window-global'
  | 'defined'
  | 'raw-process-env'
  | 'create-react-app'
  | 'vite'
  | 'next'
  | 'written-in'
  | 'same-origin';

/** One way in which the address of the server gets into the pages. */
export type Finding = {
  mechanism: Mechanism;
  /** The variable of the build that fills it; null where none does yet. */
  variable: string | null;
  meaning: Meaning;
  /** The line that reads it. */
  place: Place;
  /** The lines that show it: where it is filled in, and where it is used. */
  evidence: readonly Place[];
  /** Whether a value of the variable gets into the pages as the project stands. */
  reaches: boolean;
  /** `certain` when it was followed to a request. */
  confidence: 'certain' | 'likely';
  /** What is read, and what gives it its value. */
  read: Read;
  definition: Definition;
};

export type Detection = FrameworkFound & {
  /** What the chat uses, the surest first; more than one is for the person to decide. */
  findings: readonly Finding[];
  /** Addresses and variables that nothing asks a server with, and why. */
  decoys: readonly { name: string; place: Place; why: string }[];
  rewrite: Rewrite | null;
  /** Read as `process.env.NAME` in the pages, where no `process` is: that ends them. Never the name of a secret. */
  undefinedVariables: readonly string[];
};

/** How a project’s pages learn where their server is, from its source alone. */
export function detect(files: Files): Detection {
  const sources = scriptsOf(files);
  const found = frameworkOf(files.get('package.json'));
  const rewrite = rewriteOf(files.get('vercel.json'));
  const clients = sources.filter(({ isConfig }) => !isConfig);
  const seen = clients
    .flatMap((file) => readsOf(file))
    .map((read) => ({
      read,
      uses: read.kind === 'same-origin' ? sameOriginUse(read) : usesOf(clients, read),
      definition: definitionOf(read, { sources, framework: found.framework }),
    }))
    .filter(({ read, uses }) => read.kind !== 'written-in' || isServer(read, uses));
  const [live, idle] = [seen.filter(isLive), seen.filter((one) => !isLive(one))];
  const all = live.map((one) => findingOf(one, found)).toSorted((a, b) => rank(a) - rank(b));
  const lasting = all.filter(({ read }) => !isLocal(read.name));
  // An address of the developer’s own machine stands beside the real one; alone it is the one to replace.
  const findings = lasting.length > 0 ? lasting : all;
  return {
    ...found,
    findings: withoutRepeats(findings),
    decoys: [...idle.map(decoyOf), ...unreadFields(sources, clients)],
    rewrite,
    undefinedVariables: clients.flatMap((file) => undefinedIn(file, { sources, framework: found.framework })),
  };
}

function undefinedIn(file: SourceFile, known: Parameters<typeof definitionOf>[1]): string[] {
  const matches = [...file.code.matchAll(/\bprocess\??\.env\??\.(\w+)/g)].filter(
    ({ index }) => !isInText(file, index),
  );
  const names = new Set(matches.map(([, name = '']) => name));
  const read = { kind: 'process-env', file, start: 0, end: 0, fallback: null } as const;
  return [...names].filter(
    (name) =>
      name !== 'NODE_ENV' &&
      !/key|token|secret|password/i.test(name) &&
      definitionOf({ ...read, name }, known).type === 'nothing',
  );
}

type Seen = { read: Read; uses: readonly Use[]; definition: Definition };

const isLive = ({ read, uses }: Seen): boolean => uses.length > 0 || isAsked(read);

/** An address in a link of the page is no server’s: one is what is asked. */
function isServer(read: Read, uses: readonly Use[]): boolean {
  return uses.length > 0 || isAsked(read);
}

/** A Space’s address in code that makes requests, or with a server’s path, though no request was followed to it. */
function isAsked({ kind, name, file }: Read): boolean {
  if (kind !== 'written-in' || !/^https?:\/\/[\w-]+\.hf\.space/.test(name)) return false;
  return /\/(?:api|chat|query|ask)\b/.test(name) || /\b(?:fetch|axios|EventSource)\b/.test(file.code);
}

function sameOriginUse(read: Read): Use[] {
  return [{ path: read.name, place: placeAt(read.file, read.start) }];
}

function findingOf({ read, uses, definition }: Seen, { framework }: FrameworkFound): Finding {
  const place = placeAt(read.file, read.start);
  const own = read.kind === 'written-in' ? read.name : read.fallback;
  const meaning =
    read.kind === 'written-in'
      ? { path: '', isSure: true, why: 'the address is written there' }
      : meaningOf(uses, own);
  const filled = definition.type === 'nothing' || definition.place === null ? [] : [definition.place];
  const places = [...filled, ...uses.map((use) => use.place)];
  return {
    mechanism: mechanismOf(read, definition, framework),
    variable:
      definition.type === 'variable' ? definition.variable : read.kind === 'process-env' ? read.name : null,
    meaning,
    place,
    evidence: places.filter((one) => one.file !== place.file || one.line !== place.line),
    reaches: definition.type === 'variable',
    confidence: meaning.isSure ? 'certain' : 'likely',
    read,
    definition,
  };
}

function mechanismOf({ kind }: Read, definition: Definition, framework: string): Mechanism {
  if (kind === 'same-origin') return 'same-origin';
  if (definition.type === 'address') return 'written-in';
  if (kind === 'custom-field') return 'custom-fields';
  if (kind === 'window') return 'window-global';
  if (kind === 'import-meta-env') return definition.type === 'variable' ? 'vite' : 'raw-process-env';
  if (definition.type !== 'variable') return 'raw-process-env';
  if (definition.place !== null) return 'defined';
  return framework === 'next' ? 'next' : 'create-react-app';
}

/** A request for the chat comes before any other; what a variable fills before what somebody wrote. */
function rank({ meaning, definition, read }: Finding): number {
  return (meaning.isSure || read.kind === 'written-in' ? 0 : 4) + (definition.type === 'variable' ? 0 : 1);
}

const isLocal = (address: string): boolean => /^https?:\/\/(?:localhost|127\.)/.test(address);

function withoutRepeats(findings: readonly Finding[]): Finding[] {
  const key = (one: Finding): string =>
    `${one.mechanism} ${one.variable ?? one.read.name} ${one.read.kind === 'written-in' ? `${one.place.file}:${one.place.line}` : ''}`;
  return [...new Map(findings.toReversed().map((one) => [key(one), one])).values()].toReversed();
}

function decoyOf({ read }: Seen): Detection['decoys'][number] {
  return { name: read.name, place: placeAt(read.file, read.start), why: 'nothing asks a server with it' };
}

/** Entries of `customFields` that look like an address and that no page reads. */
function unreadFields(
  sources: readonly (SourceFile & { isConfig: boolean })[],
  clients: readonly SourceFile[],
): Detection['decoys'] {
  return sources
    .filter(({ isConfig }) => isConfig)
    .flatMap((file) => {
      const at = file.code.indexOf('customFields');
      const body = at < 0 ? '' : (/^customFields\s*:\s*\{([^{}]*)\}/.exec(file.code.slice(at))?.[0] ?? '');
      return [...body.matchAll(/([\w$]+)\s*:\s*(?:process\.env|['"`]https?:)/g)].flatMap((match) => {
        const name = match[1] ?? '';
        const isRead = clients.some(
          ({ code }) =>
            new RegExp(String.raw`(?<![\w$])${name}(?![\w$])`).test(code) && code.includes('customFields'),
        );
        return isRead
          ? []
          : [{ name, place: placeAt(file, at + match.index), why: 'no page reads this field' }];
      });
    });
}
