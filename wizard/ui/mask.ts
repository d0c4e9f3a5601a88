export type MaskedText = {
  /** Number of bullets for the hidden part. */
  hiddenCount: number;
  /** The last four characters, if the value is long enough. */
  visibleEnd: string;
  /** `53 characters`, `a text of 12 lines`; empty for a short value. */
  note: string;
};

const shortestPartlyShown = 16;

function filledLines(text: string): string[] {
  return text.split(/\r\n|[\r\n]/).filter((line) => line.trim() !== '');
}

/** What is shown of a secret while it is entered: its length if short, its end if long. */
export function maskText(text: string): MaskedText {
  const lines = filledLines(text);
  if (lines.length > 1) return { hiddenCount: 6, visibleEnd: '', note: `a text of ${lines.length} lines` };
  const bare = text.replace(/[\s"'`;,\\]+$/, '');
  if (bare.length < shortestPartlyShown) return { hiddenCount: bare.length, visibleEnd: '', note: '' };
  return { hiddenCount: 6, visibleEnd: bare.slice(-4), note: `${bare.length} characters` };
}

const secretPattern = /(?:^|[\s"'=])(?:hf_|AIza|AQ\.|vcp_|vca_|eyJ)|:\/\/[^/\s]*:[^/\s]*@/;

/** True for input that is masked in any field: several lines, a key, a URL with a password. */
export function mustMask(text: string): boolean {
  return filledLines(text).length > 1 || secretPattern.test(text);
}

/** The input as one phrase that reveals no secret. */
export function summariseInput(text: string, options: { masked: boolean }): string {
  if (!options.masked && !mustMask(text)) return text.trim();
  const { hiddenCount: bullets, visibleEnd: tail, note } = maskText(text);
  return `${'•'.repeat(bullets)}${tail}${note === '' ? '' : `, ${note}`}`;
}
