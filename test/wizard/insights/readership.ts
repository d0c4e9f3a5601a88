/** A readership of the sample book, some of whose sections are missing. */
import { readFileSync } from 'node:fs';

/** What was removed, by what its sections say, and how its readers name it. */
export const plantedGaps: readonly { name: string; removed: RegExp; nouns: readonly string[] }[] = [
  { name: 'LoRa', removed: /\blora\b/i, nouns: ['LoRa', 'the LoRa radio', 'a LoRa receiver'] },
  {
    name: 'soil moisture',
    removed: /\bsoil\b|\bmoisture\b/i,
    nouns: ['soil moisture', 'a soil probe', 'soil moisture probes'],
  },
  {
    name: 'UV index',
    removed: /\bUV\b|ultraviolet/i,
    nouns: ['the UV index', 'a UV sensor', 'UV radiation'],
  },
  { name: 'snow', removed: /\bsnow/i, nouns: ['snow depth', 'a snow gauge', 'fresh snow'] },
  {
    name: 'sky camera',
    removed: /\bcamera|\bsky\b/i,
    nouns: ['the sky camera', 'a cloud camera', 'sky camera pictures'],
  },
  { name: 'wind vane', removed: /\bvane\b/i, nouns: ['the wind vane', 'a vane', 'wind vane damping'] },
  {
    name: 'paper display',
    removed: /\bdisplay|\be-?paper\b|\bink\b/i,
    nouns: ['the e-paper display', 'an e-ink display', 'a paper display'],
  },
  {
    name: 'wind chill',
    removed: /\bchill\b|\bhumidex\b/i,
    nouns: ['wind chill', 'the wind chill formula', 'humidex and wind chill'],
  },
  {
    name: 'degree days',
    removed: /degree days?/i,
    nouns: ['degree days', 'heating degree days', 'growing degree days'],
  },
  {
    name: 'LiFePO4',
    removed: /lifepo4|\blithium\b/i,
    nouns: ['a LiFePO4 cell', 'LiFePO4 batteries', 'LiFePO4'],
  },
  {
    name: 'Beaufort',
    removed: /beaufort/i,
    nouns: ['the Beaufort scale', 'Beaufort numbers', 'Beaufort force'],
  },
  {
    name: 'salt test',
    removed: /\bsalt\b/i,
    nouns: ['the salt test', 'a table salt test', 'the humidity salt test'],
  },
];

const forms = [
  (noun: string) => `How does ${noun} work?`,
  (noun: string) => `What is ${noun} good for?`,
  (noun: string) => `How do I begin with ${noun}?`,
  (noun: string) => `Can you explain ${noun} to me, please`,
];
const endings = ['', ' Thanks!', ' I am new here.', ' Please be short.'];

type SampleQuestion = { kind: string; question: string; relevant: readonly (string | readonly string[])[] };

/** 600 questions: ten about each gap, the others about what the book has, and single ones about something else. */
export function readership(isThere: (url: string) => boolean): { question: string; gap: string | null }[] {
  const url = new URL('../../../eval/weather-station.json', import.meta.url);
  const { questions } = JSON.parse(readFileSync(url, 'utf8')) as { questions: SampleQuestion[] };
  const missing = plantedGaps.flatMap(({ name, nouns }) =>
    Array.from({ length: 10 }, (_, at) => ({
      question:
        forms[(at * 3) % forms.length]!(nouns[at % nouns.length]!) + (at >= 8 ? endings[at % 4]! : ''),
      gap: name,
    })),
  );
  const isAbout = (text: string): boolean => plantedGaps.some(({ removed }) => removed.test(text));
  const others = questions.filter(({ relevant }) => relevant.length === 0);
  const single = others
    .filter(({ question }) => !isAbout(question))
    .map(({ question }) => ({ question, gap: null }));
  const answerable = questions.filter(
    ({ kind, question, relevant }) =>
      kind === 'plain' && relevant.flat().every(isThere) && !isAbout(question),
  );
  const rest = Array.from({ length: 600 - missing.length - single.length }, (_, at) => ({
    question: answerable[at % answerable.length]!.question + endings[Math.floor(at / answerable.length) % 4]!,
    gap: null,
  }));
  return [...missing, ...single, ...rest];
}

/** The planted gap that a text is about; null for none. */
export const gapOf = (text: string): string | null =>
  plantedGaps.find(({ removed }) => removed.test(text))?.name ?? null;
