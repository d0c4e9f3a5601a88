import type { AskedQuestion, StoredQuestions } from '../../server/adapters/postgres/owner/read-insights.ts';
import type { BookGap, InsightsReport, QuestionGroup } from '../model/run/insights-report.ts';
import { groupQuestions } from './group-questions.ts';

const listed = { gaps: 20, asked: 10, cited: 10, never: 200, notes: 20, examples: 3, nearest: 3 };
const day = 86_400_000;

/** What is entry about the sections of the book; null where the book is not at hand. */
export type BookSections = ReadonlyMap<string, { heading: string }> | null;

/** What a million tokens cost, where the owner set it. */
export type TokenPrice = { input: number; output: number } | null;

/** All askings of one text. */
type DistinctQuestion = { text: string; vector: Float32Array | null; askings: AskedQuestion[] };

/** What readers asked, and how that went. Pure: the same questions in another order give the same report. */
export function summarise({
  stored: { questions, usage },
  sections,
  price,
  since,
  until,
}: {
  stored: StoredQuestions;
  sections: BookSections;
  price: TokenPrice;
  /** Milliseconds since 1970. */
  since: number;
  until: number;
}): InsightsReport {
  const verdicts = countBy(questions, ({ verdict }) => verdict ?? 'unknown');
  const judged = questions.length - (verdicts['unknown'] ?? 0);
  const cited = countBy(
    questions.flatMap((question) => question.cited),
    (url) => url,
  );
  const rated = questions.filter(({ rating }) => rating !== null);
  return {
    since: new Date(since).toISOString(),
    questions: questions.length,
    verdicts,
    shareAnswered: judged === 0 ? null : (verdicts['answered'] ?? 0) / judged,
    latency: latencyOf(questions),
    usage: { ...usage, price: priceOf(usage, price) },
    days: daysBetween(questions, { since, until }),
    gaps: gapsIn(questions, sections),
    mostAsked: mostAsked(questions),
    mostCited: ranked(cited)
      .slice(0, listed.cited)
      .map(([url, count]) => ({ url, count })),
    neverCited:
      sections === null
        ? null
        : [...sections.keys()].filter((url) => cited[url] === undefined).slice(0, listed.never),
    feedback: {
      up: rated.filter(({ rating }) => rating === 'up').length,
      down: rated.filter(({ rating }) => rating === 'down').length,
      notes: rated
        .filter(({ note, tag }) => note !== null || tag !== null)
        .toSorted(byDayAndText)
        .slice(0, listed.notes)
        .map(({ text, rating, tag, note }) => ({ question: text, rating: rating ?? '', tag, note })),
    },
  };
}

const isGap = ({ verdict, rating }: AskedQuestion): boolean => verdict === 'refused' || rating === 'down';

/** A question that was asked once is no gap yet, unless its answer was voted down. */
function gapsIn(questions: readonly AskedQuestion[], sections: BookSections): BookGap[] {
  const missed = questions.filter(isGap);
  return groupQuestions(distinct(missed))
    .map((group) => ({ group: groupOf(group), askings: group.flatMap(({ askings }) => askings) }))
    .map(({ group, askings }) => {
      const nearest = ranked(
        countBy(
          askings.flatMap((question) => question.nearest),
          (url) => url,
        ),
      )
        .slice(0, listed.nearest)
        .map(([url]) => url);
      const refused = askings.filter(({ verdict }) => verdict === 'refused').length;
      const votedDown = askings.filter(({ rating }) => rating === 'down').length;
      return { ...group, refused, votedDown, nearest, suggestion: suggestionFor(nearest[0], sections) };
    })
    .filter(({ count, votedDown }) => count > 1 || votedDown > 0)
    .toSorted(bySize)
    .slice(0, listed.gaps);
}

function suggestionFor(nearest: string | undefined, sections: BookSections): string {
  if (nearest === undefined) return 'Nothing in the book is near: a new page.';
  const [page = '', anchor] = nearest.split('#');
  const heading = sections?.get(nearest)?.heading ?? anchor;
  return `A section on ${page}${heading === undefined || heading === '' ? '' : `, beside “${heading}”`}.`;
}

function mostAsked(questions: readonly AskedQuestion[]): QuestionGroup[] {
  const wanted = questions.filter(({ strategies }) => strategies?.includes('small-talk') !== true);
  // The most frequent texts are compared; all of them would take their number squared.
  const frequent = distinct(wanted).toSorted(
    (a, b) => b.askings.length - a.askings.length || (a.text < b.text ? -1 : 1),
  );
  return groupQuestions(frequent.slice(0, 1_000)).map(groupOf).toSorted(bySize).slice(0, listed.asked);
}

function groupOf(group: readonly DistinctQuestion[]): QuestionGroup {
  return {
    title: group[0]?.text ?? '',
    count: group.reduce((sum, { askings }) => sum + askings.length, 0),
    examples: group.slice(0, listed.examples).map(({ text }) => text),
  };
}

/** Texts that differ in case, spaces or marks at their end are one. */
function distinct(questions: readonly AskedQuestion[]): DistinctQuestion[] {
  const byText = new Map<string, DistinctQuestion>();
  for (const question of questions.toSorted(byDayAndText)) {
    const key = question.text
      .toLowerCase()
      .replaceAll(/\s+/g, ' ')
      .replace(/[\s?!.]{1,20}$/, '');
    const entry = byText.get(key);
    if (entry === undefined)
      byText.set(key, { text: question.text, vector: question.vector, askings: [question] });
    else {
      entry.askings.push(question);
      entry.vector ??= question.vector;
    }
  }
  return [...byText.values()];
}

function latencyOf(questions: readonly AskedQuestion[]): InsightsReport['latency'] {
  const times = questions
    .flatMap(({ verdict, ms }) => (verdict === 'answered' && ms !== null ? [ms] : []))
    .sort((a, b) => a - b);
  const rank = (share: number): number =>
    times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return times.length === 0 ? null : { p50: rank(0.5), p95: rank(0.95) };
}

function priceOf(
  { inputTokens, outputTokens }: { inputTokens: number; outputTokens: number },
  price: TokenPrice,
): number | null {
  return price === null ? null : (inputTokens * price.input + outputTokens * price.output) / 1_000_000;
}

/** A row for each day of the period, also where nothing was asked. */
export function daysBetween(
  questions: readonly AskedQuestion[],
  { since, until }: { since: number; until: number },
): InsightsReport['days'] {
  const rows = new Map<string, { day: string; answered: number; others: number }>();
  for (let at = since; at <= until + day - 1; at += day) {
    const name = new Date(Math.min(at, until)).toISOString().slice(0, 10);
    rows.set(name, { day: name, answered: 0, others: 0 });
  }
  for (const { day: name, verdict } of questions) {
    const row = rows.get(name);
    if (row !== undefined) row[verdict === 'answered' || verdict === null ? 'answered' : 'others'] += 1;
  }
  return [...rows.values()];
}

function countBy<T>(items: readonly T[], keyOf: (item: T) => string): Record<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return Object.fromEntries(counts);
}

/** The most frequent first; equals by name. */
function ranked(counts: Readonly<Record<string, number>>): [string, number][] {
  return Object.entries(counts).sort(([a, first], [b, second]) => second - first || (a < b ? -1 : 1));
}

const bySize = (a: QuestionGroup, b: QuestionGroup): number =>
  b.count - a.count || (a.title < b.title ? -1 : 1);

function byDayAndText(a: AskedQuestion, b: AskedQuestion): number {
  const [first, second] = [`${a.day} ${a.text} ${a.id}`, `${b.day} ${b.text} ${b.id}`];
  return first < second ? -1 : first > second ? 1 : 0;
}
