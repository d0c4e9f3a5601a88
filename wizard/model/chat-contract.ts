/** How a page's chat asks its server and reads the reply, as far as its code tells. */
export type ChatContract = {
  /** What the code appends to the address it reads: `/api/chat`; `''` where it asks at the value itself. */
  path: string;
  method: string;
  contentType: 'json' | 'form' | 'text' | 'unknown';
  body: readonly BodyField[];
  /** Header names in lower case; null where the value is not known when the code is read. */
  headers: Readonly<Record<string, string | null>>;
  credentials: 'omit' | 'same-origin' | 'include';
  reply: ReplyReading;
};

/** One key of the request's body, and what the page puts there. */
export type BodyField = {
  key: string;
  role: 'question' | 'selection' | 'session' | 'history' | 'constant' | 'unknown';
  /** The literal of a constant. */
  value?: unknown;
};

/** A key that a question without a selected text may lack, by its name: `selected_text_only`. */
export const isAboutSelection = ({ key }: BodyField): boolean => /select|highlight/i.test(key);

/** What the code does with the reply. */
export type ReplyReading =
  | {
      type: 'json';
      /** The paths that are read for the text, in the order tried: `answer`, `data.response`. */
      text: readonly string[];
      /** Where sources are read, and how each is used. */
      sources: { path: string; as: 'strings' | 'objects' | 'unknown'; fields: readonly string[] } | null;
      /** The paths whose value the code calls a method of without a test: null there breaks the page. */
      called?: readonly string[];
    }
  | {
      type: 'stream';
      /** `foreign`: the text is in events of a type that the server does not send. */
      form: 'canonical' | 'message-events' | 'delta-events' | 'data-events' | 'text' | 'foreign' | 'unknown';
    }
  | { type: 'unknown'; why: string };
