import { DomUtils, parseDocument } from 'htmlparser2';

export type HtmlDocument = ReturnType<typeof parseDocument>;
export type HtmlNode = HtmlDocument['children'][number];
export type HtmlElement = NonNullable<ReturnType<typeof DomUtils.findOne>>;

/** Parses HTML as a browser would: missing and stray tags are no errors. */
export function parseHtml(html: string): HtmlDocument {
  return parseDocument(html);
}

/** Parses XML, in which the case of names matters. */
export function parseXml(xml: string): HtmlDocument {
  return parseDocument(xml, { xmlMode: true });
}

export function isElement(node: HtmlNode): node is HtmlElement {
  return 'attribs' in node;
}

export function hasClass(element: HtmlElement, name: string): boolean {
  return (element.attribs['class'] ?? '').split(/\s+/).includes(name);
}

/** The first element in document order that passes the test. */
export function findElement(
  within: HtmlDocument | HtmlElement,
  test: (element: HtmlElement) => boolean,
): HtmlElement | null {
  return DomUtils.findOne(test, within.children);
}

/** All elements that pass the test, in document order. */
export function findElements(
  within: HtmlDocument | HtmlElement,
  test: (element: HtmlElement) => boolean,
): HtmlElement[] {
  return DomUtils.findAll(test, within.children);
}

/** All text inside the node, with its whitespace as in the source. */
export function rawText(node: HtmlDocument | HtmlNode): string {
  return DomUtils.textContent(node);
}
