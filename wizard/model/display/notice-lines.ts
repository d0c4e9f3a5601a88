import type { RunEvent } from '../run/event.ts';
import { line, textLines, type Line } from './line.ts';

type Notice = Extract<RunEvent, { type: 'notice' }>;

/** Lines of `status` and `doctor`: a sign for each, by what the sentence says of it. */
const stateCodes = new Set(['space', 'health', 'service', 'usage', 'frontend', 'journal', 'no-findings']);
const good = /\b(?:healthy|connected|running|ok|asleep|sleeping|Nothing is wrong)\b/;
const wrong =
  /\b(?:unhealthy|degraded|disconnected|does not answer|not finished|no readable|has not restarted)\b/;

/** What asks for nothing is a remark; the proof's answer, and that all is gone, are kept for the last screen. */
export function noticeLines({ code, message, remedy }: Notice): Line[] {
  if (code === 'answer' || code === 'rehearsal-over') return [];
  if (code === 'frontend-diff' || code === 'file-diff') return diffLines(message);
  if (remedy !== '') return [...textLines(`! ${message}`, 'warn', 2), ...remedyLines(remedy)];
  return stateCodes.has(code) ? stateLines(message) : textLines(message, 'dim');
}

function stateLines(message: string): Line[] {
  if (wrong.test(message)) return textLines(`! ${message}`, 'warn', 2);
  return good.test(message) ? textLines(`✓ ${message}`, 'good', 2) : textLines(`· ${message}`, 'plain', 2);
}

/** Below what it remedies; an address stays alone on its line. */
function remedyLines(remedy: string): Line[] {
  return textLines(remedy).map((entry) =>
    entry.tone === 'link' ? entry : { ...entry, text: `  ${entry.text}`, indent: 2 },
  );
}

/** A diff as it is: its blanks and addresses stay where they are. */
function diffLines(diff: string): Line[] {
  const tones = { '+': 'good', '-': 'bad', '@': 'dim' } as const;
  return diff
    .trimEnd()
    .split('\n')
    .map((text) => line(text, tones[text.charAt(0) as keyof typeof tones] ?? 'plain', 1));
}
