import type { BookGap, InsightsReport } from '../run/insights-report.ts';
import { line, type Line } from './line.ts';

const barWidth = 40;
const shownNeverCited = 10;

/** The report for a terminal: what is missing first. */
export function insightsLines(report: InsightsReport): Line[] {
  const { gaps, mostAsked, mostCited, neverCited } = report;
  return [
    line(`Since ${report.since.slice(0, 10)}`, 'strong'),
    ...figures(report).map((text) => line(text, 'plain', 2)),
    ...chartLines(report),
    line('Asked and not found', 'strong'),
    ...(gaps.length === 0 ? [line('Nothing that was asked twice.', 'plain', 2)] : gaps.flatMap(gapLines)),
    line('Asked most', 'strong'),
    ...mostAsked.map(({ count, title }) => line(`${String(count).padStart(5)}  ${title}`, 'plain', 9)),
    line('Cited most', 'strong'),
    ...mostCited.map(({ count, url }) => line(`${String(count).padStart(5)}  ${url}`, 'plain', 9)),
    line('Never cited', 'strong'),
    ...neverCitedLines(neverCited),
  ];
}

/** One line each. */
export function figures({
  questions,
  shareAnswered,
  verdicts,
  latency,
  usage,
  feedback,
}: InsightsReport): string[] {
  const shares = Object.entries(verdicts).map(([name, count]) => `${count} ${name}`);
  const share = shareAnswered === null ? '' : `, ${Math.round(shareAnswered * 100)} % answered`;
  const price = usage.price === null ? '' : `, ${usage.price.toFixed(2)} at your price`;
  return [
    `${questions} questions${share}${shares.length === 0 ? '' : ` (${shares.join(', ')})`}`,
    latency === null
      ? 'No answer was timed'
      : `Answers took ${seconds(latency.p50)} (median), ${seconds(latency.p95)} (95 of 100 less)`,
    `${usage.calls} calls, ${usage.inputTokens.toLocaleString('en')} tokens read, ${usage.outputTokens.toLocaleString('en')} written${price}`,
    `${feedback.up} voted up, ${feedback.down} voted down`,
  ];
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** Questions a day as bars; the part that was not answered is lighter. */
export function chartLines({ days }: Pick<InsightsReport, 'days'>): Line[] {
  const most = Math.max(1, ...days.map(({ answered, others }) => answered + others));
  const bar = (count: number, sign: string): string => sign.repeat(Math.round((count / most) * barWidth));
  return days
    .slice(-14)
    .map(({ day, answered, others }) =>
      line(`${day.slice(5)}  ${bar(answered, '█')}${bar(others, '░')} ${answered + others}`, 'plain', 2),
    );
}

function gapLines({ count, title, examples, nearest, suggestion }: BookGap): Line[] {
  return [
    line(`${String(count).padStart(5)}  ${title}`, 'plain', 9),
    ...examples
      .filter((example) => example !== title)
      .map((example) => line(`         ${example}`, 'dim', 9)),
    ...(nearest.length === 0 ? [] : [line(`         nearest: ${nearest.join(', ')}`, 'dim', 9)]),
    line(`         ${suggestion}`, 'good', 9),
  ];
}

function neverCitedLines(urls: readonly string[] | null): Line[] {
  if (urls === null) return [line('Run it in the book’s folder, or with --docs, to see that.', 'plain', 2)];
  if (urls.length === 0) return [line('Every section was.', 'plain', 2)];
  const more = urls.length - shownNeverCited;
  return [
    ...urls.slice(0, shownNeverCited).map((url) => line(url, 'plain', 2)),
    ...(more > 0 ? [line(`and ${more} more`, 'dim', 2)] : []),
  ];
}
