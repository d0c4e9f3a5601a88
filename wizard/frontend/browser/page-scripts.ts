/**
 * What runs in the page, as text: the wizard itself has no DOM. Each is an expression.
 *
 * A chat's field is the visible text field that is no search; a widget that is closed has a button that opens it. Either
 * may be in an open shadow root.
 */
const helpers = `
const rootsIn = (root) => [root, ...[...root.querySelectorAll('*')].flatMap(
  (element) => element.shadowRoot === null ? [] : rootsIn(element.shadowRoot))];
const findAll = (selector) => rootsIn(document).flatMap((root) => [...root.querySelectorAll(selector)]);
const parentOf = (element) => element.parentElement ?? element.getRootNode().host ?? null;
const isVisible = (element) => {
  const { width, height } = element.getBoundingClientRect();
  const style = getComputedStyle(element);
  return width > 4 && height > 4 && style.visibility !== 'hidden' && style.display !== 'none' && style.opacity !== '0';
};
const wordsOf = (element) => [element.id, element.className, element.name, element.placeholder, element.title,
  element.getAttribute('aria-label'), element.textContent.slice(0, 80)].join(' ').toLowerCase();
const isSearch = (element) => element.type === 'search' || /search|suche|docsearch|e-?mail|newsletter/.test(wordsOf(element))
  || element.closest('[role=search], .navbar, nav, header') !== null;
const isField = (element) => isVisible(element) && !element.disabled && !element.readOnly && !isSearch(element);
const findField = () => findAll(
  'textarea, input:not([type]), input[type=text], [contenteditable=true], [role=textbox]').filter(isField).at(-1);
`;

/** Focuses the chat's field; true where there is one. */
export const focusField = `(() => {${helpers}
  const field = findField();
  if (field === undefined) return false;
  field.focus();
  return true;
})()`;

/** Presses the button that most looks like one that opens a chat, once for each; true where there is one left. */
export const openWidget = `(() => {${helpers}
  const tried = window.__triedButtons ??= new Set();
  const isFloating = (element) => {
    for (let at = element; at !== null && at !== document.body; at = parentOf(at))
      if (getComputedStyle(at).position === 'fixed') return true;
    return false;
  };
  const score = (element) => (/chat|assistant|ask|frag|bot|💬|🤖|question/.test(wordsOf(element)) ? 2 : 0) + (isFloating(element) ? 1 : 0);
  const isButton = (element) => element.matches('button, [role=button], a[href="#"]')
    || (isFloating(element) && getComputedStyle(element).cursor === 'pointer' && !element.matches('a, label'));
  const buttons = findAll('button, [role=button], a[href="#"], div, span, img').filter(isButton)
    .filter((element) => isVisible(element) && !tried.has(element) && element.closest('.navbar, nav') === null && score(element) > 0)
    .sort((a, b) => score(b) - score(a));
  if (buttons[0] === undefined) return false;
  tried.add(buttons[0]);
  buttons[0].click();
  return true;
})()`;

/** Presses the button that sends what the focused field holds. */
export const pressSend = `(() => {${helpers}
  let field = document.activeElement;
  while (field.shadowRoot?.activeElement) field = field.shadowRoot.activeElement;
  for (let at = parentOf(field); at !== null; at = parentOf(at)) {
    const buttons = [...at.querySelectorAll('button, [role=button], input[type=submit]')].filter(
      (button) => isVisible(button) && !button.disabled && (field.compareDocumentPosition(button) & 4) !== 0);
    const button = buttons.find((each) => /send|ask|submit|➤|→|▶/.test(wordsOf(each)) || each.type === 'submit') ?? buttons[0];
    if (button !== undefined) { button.click(); return true; }
  }
  return false;
})()`;

/** The page's visible text and its links. */
export const readPageText = `(() => {${helpers}
  const [, ...shadows] = rootsIn(document);
  return {
    text: [document.body, ...shadows.flatMap((root) => [...root.children].filter(({ tagName }) => tagName !== 'STYLE'))].map(({ innerText }) => innerText ?? '').join('\\n'),
    links: findAll('a[href]').map((link) => link.href),
  };
})()`;
