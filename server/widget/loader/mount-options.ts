/** What the loader gives the widget. Loaders of every age call this: fields may be added, none may change or go. */
export type MountOptions = {
  /** The server's address, without a slash at its end. */
  server: string;
  /** Whether the reader has opened the chat. */
  isOpen: boolean;
  /** The text that the reader has selected on the page. */
  selection: string | null;
};

/** What `/widget.js` leaves in the page. */
export type WidgetGlobal = { mount(host: HTMLElement, options: MountOptions): void };

/** The element of the chat, in the page's markup or added by the loader. */
export const elementName = 'book-chat';
/** The entry of the tab's storage that is there while the chat is open. */
export const openKey = 'book-chat-open';
