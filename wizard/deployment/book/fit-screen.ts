/** What a person reads of all reports together: lines of a terminal of the usual width. */
const screen = { rows: 20, columns: 80, indent: 4 } as const;
const maxRowsPerGroup = 3;

export type GroupedReport = { head: string; groups: string[]; remedy: string };

/**
 * The reports cut to what fits a screen together: every one keeps its first group, the others are added in turn, and a
 * last line counts what is left. Lines are counted as the terminal wraps them.
 */
export function fitScreen<T extends GroupedReport>(reports: readonly T[]): (T & { rest: number })[] {
  const cut = reports.map((report) => ({ ...report, groups: report.groups.map(shortened) }));
  const shown = cut.map(({ groups }) => Math.min(1, groups.length));
  const rows = (): number =>
    cut.reduce((sum, report, index) => sum + rowsOfReport(report, shown[index] ?? 0), 0);
  let hasRoom = true;
  while (hasRoom) {
    hasRoom = false;
    for (const [index, { groups }] of cut.entries()) {
      const count = shown[index] ?? 0;
      if (count === groups.length) continue;
      shown[index] = count + 1;
      if (rows() <= screen.rows) hasRoom = true;
      else shown[index] = count;
    }
  }
  return cut.map((report, index) => {
    const count = shown[index] ?? 0;
    return { ...report, groups: report.groups.slice(0, count), rest: report.groups.length - count };
  });
}

function rowsOfReport({ head, groups, remedy }: GroupedReport, shown: number): number {
  const rest = shown < groups.length ? 1 : 0;
  const texts = [head, ...groups.slice(0, shown), ...(remedy === '' ? [] : [remedy])];
  return texts.reduce((sum, text) => sum + wrappedRows(text), rest);
}

/** Rows of a text that is wrapped between words; a word that is too long is split. */
function wrappedRows(text: string): number {
  const width = screen.columns - screen.indent;
  let rows = 1;
  let column = 0;
  for (const { length } of text.split(' ')) {
    if (column > 0 && column + 1 + length > width) {
      rows += 1;
      column = 0;
    }
    column += (column > 0 ? 1 : 0) + length;
    rows += Math.floor((column - 1) / width);
    column = column === 0 ? 0 : ((column - 1) % width) + 1;
  }
  return rows;
}

function shortened(text: string): string {
  let cut = text;
  while (wrappedRows(cut) > maxRowsPerGroup) cut = `${cut.slice(0, -2).replace(/\s*\S*$/, '')} …`;
  return cut;
}
