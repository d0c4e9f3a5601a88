type DiffRow = { sign: ' ' | '-' | '+'; text: string };

const context = 3;

/** A unified diff of one file, as `git apply` reads it; empty when nothing differs. `before` is null for a new file. */
export function unifiedDiff({
  path,
  before,
  after,
}: {
  path: string;
  before: string | null;
  after: string;
}): string {
  if (before === after) return '';
  const rows = compareLines(linesOf(before ?? ''), linesOf(after));
  const head = [before === null ? '--- /dev/null' : `--- a/${path}`, `+++ b/${path}`];
  return `${[...head, ...hunksOf(rows)].join('\n')}\n`;
}

/** A last line without its end is another line than one with it. */
function linesOf(text: string): string[] {
  const lines = text.split('\n');
  const last = lines.pop() ?? '';
  if (last !== '') lines.push(`${last}\n\\ No newline at end of file`);
  return lines;
}

/** Longest common subsequence of what lies between the common beginning and the common end. */
function compareLines(before: readonly string[], after: readonly string[]): DiffRow[] {
  let from = 0;
  while (from < before.length && from < after.length && before[from] === after[from]) from += 1;
  let end = 0;
  const most = Math.min(before.length, after.length) - from;
  while (end < most && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  const [a, b] = [before.slice(from, before.length - end), after.slice(from, after.length - end)];
  const same = (text: string): DiffRow => ({ sign: ' ', text });
  return [
    ...before.slice(0, from).map(same),
    ...compareMiddle(a, b),
    ...before.slice(before.length - end).map(same),
  ];
}

function compareMiddle(a: readonly string[], b: readonly string[]): DiffRow[] {
  const width = b.length + 1;
  const lengths = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number): number => lengths[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1)
      lengths[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const rows: DiffRow[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      rows.push({ sign: ' ', text: a[i] ?? '' });
      i += 1;
      j += 1;
    } else if (i < a.length && (j >= b.length || at(i + 1, j) >= at(i, j + 1))) {
      rows.push({ sign: '-', text: a[i++] ?? '' });
    } else rows.push({ sign: '+', text: b[j++] ?? '' });
  }
  return rows;
}

function hunksOf(rows: readonly DiffRow[]): string[] {
  const isNear = rows.map((_, at) =>
    rows.slice(Math.max(0, at - context), at + context + 1).some(({ sign }) => sign !== ' '),
  );
  const lines: string[] = [];
  let [left, right] = [1, 1];
  for (let at = 0; at < rows.length;) {
    if (isNear[at] !== true) {
      left += 1;
      right += 1;
      at += 1;
      continue;
    }
    let end = at;
    while (end < rows.length && isNear[end] === true) end += 1;
    const hunk = rows.slice(at, end);
    const [removed, added] = [
      hunk.filter(({ sign }) => sign !== '+'),
      hunk.filter(({ sign }) => sign !== '-'),
    ];
    lines.push(`@@ -${range(left, removed.length)} +${range(right, added.length)} @@`);
    lines.push(...hunk.map(({ sign, text }) => `${sign}${text}`));
    left += removed.length;
    right += added.length;
    at = end;
  }
  return lines;
}

const range = (start: number, count: number): string => `${count === 0 ? start - 1 : start},${count}`;
