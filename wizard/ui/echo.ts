export type Echo = {
  /** How many bullets stand for the hidden part. */
  bullets: number;
  /** The last four characters, where the value is long enough to spare them. */
  tail: string;
  /** `53 characters`, `a text of 12 lines`; empty while short. */
  note: string;
};

const spares = 16;

function filledLines(text: string): string[] {
  return text.split(/\r\n|[\r\n]/).filter((line) => line.trim() !== '');
}

/** What a person may see of a secret while giving it. The length of a short one shows; of a long one, its end. */
export function echoOf(text: string): Echo {
  const lines = filledLines(text);
  if (lines.length > 1) return { bullets: 6, tail: '', note: `a text of ${lines.length} lines` };
  const bare = text.replace(/[\s"'`;,\\]+$/, '');
  if (bare.length < spares) return { bullets: bare.length, tail: '', note: '' };
  return { bullets: 6, tail: bare.slice(-4), note: `${bare.length} characters` };
}

const keyShapes = /(?:^|[\s"'=])(?:hf_|AIza|AQ\.|vcp_|vca_|eyJ)|:\/\/[^/\s]*:[^/\s]*@/;

/** True for what must not be drawn in an open field either: several lines, a key, an address with a password. */
export function hidesItself(text: string): boolean {
  return filledLines(text).length > 1 || keyShapes.test(text);
}

/** What was given, as one phrase that shows no secret. */
export function phraseOf(text: string, options: { masked: boolean }): string {
  if (!options.masked && !hidesItself(text)) return text.trim();
  const { bullets, tail, note } = echoOf(text);
  return `${'•'.repeat(bullets)}${tail}${note === '' ? '' : `, ${note}`}`;
}
