import type { RunEvent } from '../run/event.ts';
import { line, textLines, type Line } from './line.ts';

type Notice = Extract<RunEvent, { type: 'notice' }>;

const states = {
  good: { sign: '✓', tone: 'good' },
  problem: { sign: '!', tone: 'warn' },
  neutral: { sign: '·', tone: 'plain' },
} as const;

/** What asks for nothing is a remark; the proof's answer, and that all is gone, are kept for the last screen. */
export function noticeLines({ code, message, remedy, state }: Notice): Line[] {
  if (code === 'answer' || code === 'rehearsal-over') return [];
  if (code === 'frontend-diff' || code === 'file-diff') return diffLines(message);
  if (remedy !== '') return [...textLines(`! ${message}`, 'warn', 2), ...remedyLines(remedy)];
  if (state === undefined) return textLines(message, 'dim');
  const { sign, tone } = states[state];
  return textLines(`${sign} ${message}`, tone, 2);
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
