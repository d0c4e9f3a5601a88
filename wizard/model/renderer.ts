import type { Outline } from './display/outline.ts';
import type { RunEvent } from './run/event.ts';
import type { Prompt, Reply } from './question.ts';

/** What a person wants beside answering. */
export type UserAction =
  | { type: 'leave' }
  | { type: 'open-log' }
  | { type: 'cancel' }
  /** A page where a value is made, to be opened in a browser. */
  | { type: 'open-page'; url: string };

/** Draws events and asks; the only way to a person. Implemented in `ui/`: Ink, plain text, NDJSON. */
export interface Renderer {
  /** False when the run is not interactive: `ask` then rejects with Failure `input-missing`. */
  readonly canAsk: boolean;
  show(event: RunEvent): void;
  /** How far the interview has come; for a screen that is redrawn. */
  showOutline?(outline: Outline): void;
  /** Resolves with `cancel` when the person or the signal ends it. */
  ask(prompt: Prompt, options: { signal: AbortSignal }): Promise<Reply>;
  userActions(): AsyncIterable<UserAction>;
  /** Leaves the terminal as it was found, after the last frame is on it. */
  close(): Promise<void>;
}
