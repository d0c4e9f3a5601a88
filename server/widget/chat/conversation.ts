/** A source as the server sends it; `quote` is the sentence that the answer rests on, `supported` false where none is. */
export type CitedSource = {
  file: string;
  heading: string;
  title: string;
  url: string;
  quote?: string;
  supported?: false;
};

/** A question with its answer, as far as it is there. */
export type ChatTurn = {
  question: string;
  /** The text of the page that the question is about. */
  selection: string | null;
  text: string;
  /** Cited ones first. */
  sources: CitedSource[];
  cited: number;
  outcome: 'open' | 'answered' | 'refused' | 'failed';
  /** Shown after the text: why there is no more of it. */
  notice: string;
  /** The id under which the server stored the answer. */
  messageId: string | null;
  /** Whether it helped the reader. */
  rating?: 'up' | 'down' | null;
};

/** `id` is the server's; null before the first answer. */
export type Conversation = { id: string | null; turns: ChatTurn[] };

/** Turns that are kept: a tab's storage has a bound. */
const maxTurns = 30;

/** Keeps a conversation for the tab: it survives page changes and a reload, and no cookie is set. */
export function loadConversation(key: string): Conversation {
  try {
    const stored = JSON.parse(sessionStorage.getItem(key) ?? '') as Conversation;
    if (Array.isArray(stored.turns)) return stored;
  } catch {
    // Nothing is stored, or the browser allows no storage.
  }
  return { id: null, turns: [] };
}

export function saveConversation(key: string, { id, turns }: Conversation): void {
  const kept = turns.filter(({ outcome }) => outcome !== 'open').slice(-maxTurns);
  writeSession(key, kept.length === 0 ? null : JSON.stringify({ id, turns: kept }));
}

/** Writes or, with null, removes an entry of the tab's storage, as far as the browser allows it. */
export function writeSession(key: string, value: string | null): void {
  try {
    if (value === null) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, value);
  } catch {
    // Storage is full or not allowed: the conversation lives as long as the page.
  }
}

export function readSession(key: string): string | null {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return null;
  }
}
