import { addressesIn, spaceAddress, type Asked } from './addresses.ts';
import { constantsOf, definitionOf } from './definitions.ts';
import { isAboutChat, meaningOf, type Meaning } from './meaning.ts';
import { frameworkOf, isAddressName, type FrameworkFound } from './names.ts';
import { readsIn, type Read } from './reads.ts';
import { rewriteOf, type Rewrite } from './rewrites.ts';
import { placeAt, scriptsOf, type Files, type Place } from './trace/source.ts';
import { createTrace } from './trace/trace.ts';
import type { Definition } from './values.ts';
import { unreadFields } from './unread-fields.ts';

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
  /** Whether a request with it is one for the chat, as far as its path tells. */
  isAboutChat: boolean;
  /** What is read, and what gives it its value. */
  read: Read;
  definition: Definition;
};

export type Detection = FrameworkFound & {
  /** What the chat uses, the surest first; more than one is for the person to decide. */
  findings: readonly Finding[];
  /** Addresses and variables that nothing asks the chat's server with, and why. */
  decoys: readonly { name: string; place: Place; why: string }[];
  rewrite: Rewrite | null;
  /** Read as `process.env.NAME` in the pages, where no `process` is: that ends them. Never the name of a secret. */
  undefinedVariables: readonly string[];
  /** Every place at which the pages' code names such a value. */
  reads: readonly Read[];
};

/** How a project’s pages learn where their server is, from its source alone: followed back from each request. */
export function detect(files: Files): Detection {
  const found = frameworkOf(files.get('package.json'));
  const { framework } = found;
  const trace = createTrace(scriptsOf(files));
  const known = { trace, framework };
  const clients = trace.files.filter(({ isConfig }) => !isConfig);
  const asked = addressesIn(trace, clients, constantsOf(trace));
  const all = asked
    .filter(({ behind }) => behind === null || isNeverGiven(behind, known))
    .map((one) => findingOf(one, { definition: definitionOf(one.read, known), framework }))
    .toSorted((a, b) => rank(a) - rank(b));
  const { findings, others } = aboutTheChat(all);
  const reads = clients.flatMap((file) => readsIn(file));
  return {
    ...found,
    findings: withoutRepeats(findings),
    decoys: [
      ...others.map((one) => ({
        name: one.read.name,
        place: one.place,
        why: 'it is asked for other things than the chat',
      })),
      ...idleIn(reads, all),
      ...unreadFields(trace),
    ],
    rewrite: rewriteOf(files.get('vercel.json')),
    undefinedVariables: undefinedIn(reads, known),
    reads,
  };
}

/** A global or a field that nothing sets: what stands behind it is what is asked. */
function isNeverGiven(read: Read, known: Parameters<typeof definitionOf>[1]): boolean {
  return !read.kind.endsWith('-env') && definitionOf(read, known).type === 'nothing';
}

/** Where one is asked for the chat, those that are asked for other things are no rivals of it. */
function aboutTheChat(all: readonly Finding[]): { findings: readonly Finding[]; others: readonly Finding[] } {
  const lasting = all.filter(({ read }) => !isLocal(read.name));
  // An address of the developer’s own machine stands beside the real one; alone it is the one to replace.
  const here = lasting.length > 0 ? lasting : all;
  const isChat = (one: Finding): boolean => one.isAboutChat || isSpace(one.read);
  if (!here.some(isChat)) return { findings: here, others: [] };
  const names = new Set(here.filter(isChat).map(({ variable }) => variable));
  const isOurs = (one: Finding): boolean => isChat(one) || (one.variable !== null && names.has(one.variable));
  return { findings: here.filter(isOurs), others: here.filter((one) => !isOurs(one)) };
}

function findingOf(
  { read, uses, isSure }: Asked,
  { definition, framework }: { definition: Definition; framework: string },
): Finding {
  const place = placeAt(read.file, read.start);
  const meaning = read.kind === 'written-in' ? asWritten : meaningOf(uses, read.fallback);
  const filled = definition.type === 'nothing' || definition.place === null ? [] : [definition.place];
  const places = [...filled, ...uses.map((use) => use.place)];
  return {
    mechanism: mechanismOf(read, definition, framework),
    variable:
      definition.type === 'variable' ? definition.variable : read.kind.endsWith('-env') ? read.name : null,
    meaning,
    place,
    evidence: places.filter((one) => one.file !== place.file || one.line !== place.line),
    reaches: definition.type === 'variable',
    confidence: isSure && meaning.isSure ? 'certain' : 'likely',
    isAboutChat: uses.some(({ path }) => path === '' || isAboutChat(path)) || isAboutChat(read.name),
    read,
    definition,
  };
}

const asWritten: Meaning = { path: '', isSure: true, why: 'the address is written there' };

function mechanismOf({ kind }: Read, definition: Definition, framework: string): Mechanism {
  if (kind === 'same-origin') return 'same-origin';
  if (definition.type === 'address') return 'written-in';
  if (kind === 'custom-field') return 'custom-fields';
  if (kind === 'window') return 'window-global';
  if (definition.type !== 'variable') return 'raw-process-env';
  if (definition.place !== null) return 'defined';
  if (kind === 'import-meta-env') return 'vite';
  return framework === 'next' ? 'next' : 'create-react-app';
}

/** A request for the chat comes before any other; what a variable fills before what somebody wrote, and that before what nothing fills. */
function rank({ meaning, definition, read }: Finding): number {
  const isHopeless =
    definition.type === 'nothing' && (read.kind === 'window' || read.kind === 'custom-field');
  const isKnown = meaning.isSure || read.kind === 'written-in';
  return (isKnown ? 0 : 4) + (isHopeless ? 2 : 0) + (definition.type === 'variable' ? 0 : 1);
}

const isLocal = (address: string): boolean => /^https?:\/\/(?:localhost|127\.)/.test(address);
const isSpace = ({ kind, name }: Read): boolean => kind === 'written-in' && spaceAddress.test(name);

function withoutRepeats(findings: readonly Finding[]): Finding[] {
  const key = (one: Finding): string =>
    `${one.mechanism} ${one.variable ?? one.read.name} ${one.read.kind === 'written-in' ? `${one.place.file}:${one.place.line}` : ''}`;
  return [...new Map(findings.toReversed().map((one) => [key(one), one])).values()].toReversed();
}

function idleIn(reads: readonly Read[], all: readonly Finding[]): Detection['decoys'] {
  const isUsed = (read: Read): boolean =>
    all.some((one) => one.read.kind === read.kind && one.read.name === read.name);
  const idle = reads.filter((read) => isAddressName(read.name.split('.').at(-1) ?? '') && !isUsed(read));
  return [...new Map(idle.map((read) => [`${read.kind} ${read.name}`, read])).values()].map((read) => ({
    name: read.name,
    place: placeAt(read.file, read.start),
    why: 'nothing asks a server with it',
  }));
}

function undefinedIn(reads: readonly Read[], known: Parameters<typeof definitionOf>[1]): string[] {
  const open = reads.filter(
    (read) =>
      read.kind === 'process-env' &&
      read.isTakenApart !== true &&
      read.name !== 'NODE_ENV' &&
      definitionOf(read, known).type === 'nothing',
  );
  return [...new Set(open.map(({ name }) => name))];
}
