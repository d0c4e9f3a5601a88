import { DomUtils, parseDocument } from 'htmlparser2';

export type HtmlDocument = ReturnType<typeof parseDocument>;
export type HtmlNode = HtmlDocument['children'][number];
export type HtmlElement = NonNullable<ReturnType<typeof DomUtils.findOne>>;

export function parseHtml(html: string): HtmlDocument {
  return parseDocument(html);
}

export function isElement(node: HtmlNode): node is HtmlElement {
  return 'attribs' in node;
}

export function hasClass(element: HtmlElement, name: string): boolean {
  return (element.attribs['class'] ?? '').split(/\s+/).includes(name);
}

/** The first element, in document order, that passes. */
export function findElement(
  within: HtmlDocument | HtmlElement,
  test: (element: HtmlElement) => boolean,
): HtmlElement | null {
  return DomUtils.findOne(test, within.children);
}

export function findElements(
  within: HtmlDocument | HtmlElement,
  test: (element: HtmlElement) => boolean,
): HtmlElement[] {
  return DomUtils.findAll(test, within.children);
}

/** All text in it, as it stands in the source. */
export function rawText(node: HtmlDocument | HtmlNode): string {
  return DomUtils.textContent(node);
}
