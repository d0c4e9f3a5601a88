import { parse } from 'yaml';

/** The settings in the front matter of a Space's README.md. */
export type SpaceFrontMatter = {
  all: Record<string, unknown>;
  sdk: string | null;
  /** The script of a Gradio Space. */
  appFile: string;
  /** The port that the app must listen on; 7860 by default. */
  appPort: number;
  startupTimeoutMs: number;
};

const UNITS: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000 };
const DEFAULT_PORT = 7860;
const DEFAULT_TIMEOUT_MS = 30 * 60_000;

/** The README's front matter; null when there is none or it is not a mapping. */
export function readSpaceFrontMatter(readme: string): SpaceFrontMatter | null {
  const head = /^\uFEFF?---[ \t]*\r?\n([\s\S]*?)\r?\n---[ \t]*(?:\r?\n|$)/.exec(readme);
  if (head === null) return null;
  let all: unknown;
  try {
    all = parse(head[1] ?? '');
  } catch {
    return null;
  }
  if (typeof all !== 'object' || all === null || Array.isArray(all)) return null;
  const values = all as Record<string, unknown>;
  const port = Number(values['app_port'] ?? DEFAULT_PORT);
  return {
    all: values,
    sdk: typeof values['sdk'] === 'string' ? values['sdk'] : null,
    appFile: typeof values['app_file'] === 'string' ? values['app_file'] : 'app.py',
    appPort: Number.isInteger(port) ? port : DEFAULT_PORT,
    startupTimeoutMs: duration(values['startup_duration_timeout']),
  };
}

function duration(value: unknown): number {
  const parts = /^(\d+)\s*([smh])/.exec(typeof value === 'string' ? value : '');
  return parts === null ? DEFAULT_TIMEOUT_MS : Number(parts[1]) * (UNITS[parts[2] ?? 'm'] ?? 60_000);
}
