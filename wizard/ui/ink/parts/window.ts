/** How much of the terminal's window a screen uses. */
export type WindowSize = { columns: number; rows: number };

/** True where the header has two rows and lists are not folded. */
export function isRoomy({ columns, rows }: WindowSize): boolean {
  return columns >= 60 && rows >= 20;
}

/** The most rows that are redrawn, so that what was written before stays in sight. */
export function liveRows({ rows }: WindowSize): number {
  return Math.max(9, Math.min(rows - 10, 20));
}

/** Rows of the header, the footer and the gaps around them. */
export function frameRows(size: WindowSize): number {
  return isRoomy(size) ? 5 : 3;
}
