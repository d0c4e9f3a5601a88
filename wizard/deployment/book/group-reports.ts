/** What a report says of a file; config settings have no file. */
export type FileReport = { source: string; text: string };

const maxExamples = 3;

/**
 * Reports as lines that a person can read: one for each kind of report and pattern of files, with a count and up to three
 * examples, the most frequent first.
 */
export function groupReports(reports: readonly FileReport[]): string[] {
  const groups = new Map<string, { sources: string[]; text: string }>();
  for (const { source, text } of reports) {
    const key = `${kindOf(text)}\0${source === '' ? text : patternOf(source)}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { sources: [source], text });
    else group.sources.push(source);
  }
  return [...groups.values()]
    .toSorted((a, b) => b.sources.length - a.sources.length)
    .map(({ sources, text }) => describeGroup(sources, text));
}

/** A report without what differs from page to page: names, numbers, and details in brackets or quotes. */
function kindOf(text: string): string {
  return text.replaceAll(/\([^)]*\)|`[^`]*`|“[^”]*”|\S*\/\S*|\d+/g, '');
}

/** `docs/guide/*.md` of `docs/guide/a.md`. */
function patternOf(source: string): string {
  const folder = source.slice(0, source.lastIndexOf('/') + 1);
  const extension = /\.[^./]+$/.exec(source)?.[0] ?? '';
  return `${folder}*${extension}`;
}

function describeGroup(sources: readonly string[], text: string): string {
  const [first = ''] = sources;
  if (first === '') return text;
  const examples = sources.slice(0, maxExamples).join(', ');
  if (sources.length <= maxExamples) return `${examples}: ${text}`;
  return `${sources.length} pages ${patternOf(first)}, such as ${examples}: ${text}`;
}
