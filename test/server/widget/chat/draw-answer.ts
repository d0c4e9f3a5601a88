/** Draws an answer with the widget's own code into a document that holds nothing but elements and their texts. */
import { pageAddress } from '../../../../server/links/page-address.ts';
import { drawAnswer } from '../../../../server/widget/chat/markdown.ts';

class PlainElement {
  readonly localName: string;
  readonly children: (PlainElement | string)[] = [];

  constructor(localName: string) {
    this.localName = localName;
  }

  set textContent(text: string) {
    this.children.splice(0, Infinity, text);
  }

  appendChild(child: PlainElement | string): PlainElement | string {
    this.children.push(child);
    return child;
  }

  append(...children: PlainElement[]): void {
    this.children.push(...children);
  }

  replaceChildren(...children: PlainElement[]): void {
    this.children.splice(0, Infinity, ...children);
  }

  /** The element as HTML without escapes and attributes. */
  toString(): string {
    return `<${this.localName}>${this.children.map(String).join('')}</${this.localName}>`;
  }
}

const plainDocument = {
  createElement: (name: string) => new PlainElement(name),
  createTextNode: (text: string) => text,
};

/** What the widget shows, and the addresses that it links, on a page of the book at `book`. */
export function drawn(text: string, book: string | null): { html: string; addresses: string[] } {
  const addresses: string[] = [];
  const link = (address: string, label: string): Node => {
    const href = pageAddress(address, book);
    if (href !== null) addresses.push(href);
    const element = new PlainElement(href === null ? 'span' : 'a');
    element.textContent = label;
    return element as unknown as Node;
  };
  const cite = (number: number): Node => link('/cited', String(number));
  const target = new PlainElement('div');
  const before = Object.getOwnPropertyDescriptor(globalThis, 'document');
  Object.assign(globalThis, { document: plainDocument });
  try {
    drawAnswer(target as unknown as HTMLElement, text, { cite, link });
  } finally {
    Reflect.deleteProperty(globalThis, 'document');
    if (before !== undefined) Object.defineProperty(globalThis, 'document', before);
  }
  return { html: target.children.map(String).join(''), addresses };
}
