export type MaskedText = {
  /** How many bullets stand for the hidden part. */
  hiddenCount: number;
  /** The last four characters, where the value is long enough to spare them. */
  visibleEnd: string;
  /** `53 characters`, `a text of 12 lines`; empty while short. */
  note: string;
};

const shortestPartlyShown = 16;

function filledLines(text: string): string[] {
  return text.split(/\r\n|[\r\n]/).filter((line) => line.trim() !== '');
}

/** What a person may see of a secret while giving it. The length of a short one shows; of a long one, its end. */
export function maskText(text: string): MaskedText {
  const lines = filledLines(text);
  if (lines.length > 1) return { hiddenCount: 6, visibleEnd: '', note: `a text of ${lines.length} lines` };
  const bare = text.replace(/[\s"'`;,\\]+$/, '');
  if (bare.length < shortestPartlyShown) return { hiddenCount: bare.length, visibleEnd: '', note: '' };
  return { hiddenCount: 6, visibleEnd: bare.slice(-4), note: `${bare.length} characters` };
}

const secretPattern = /(?:^|[\s"'=])(?:hf_|AIza|AQ\.|vcp_|vca_|eyJ)|:\/\/[^/\s]*:[^/\s]*@/;

/** True for what must not be drawn in an open field either: several lines, a key, an address with a password. */
export function mustMask(text: string): boolean {
  return filledLines(text).length > 1 || secretPattern.test(text);
}

/** What was given, as one phrase that shows no secret. */
export function summariseInput(text: string, options: { masked: boolean }): string {
  if (!options.masked && !mustMask(text)) return text.trim();
  const { hiddenCount: bullets, visibleEnd: tail, note } = maskText(text);
  return `${'•'.repeat(bullets)}${tail}${note === '' ? '' : `, ${note}`}`;
}
