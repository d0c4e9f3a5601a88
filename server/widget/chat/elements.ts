/** An element with its text, which never becomes markup. */
export function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  text = '',
  className = '',
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  if (text !== '') element.textContent = text;
  if (className !== '') element.className = className;
  return element;
}

/** A button that sends no form. */
export function makeButton(text: string, className: string, onClick: () => void): HTMLButtonElement {
  const button = make('button', text, className);
  button.type = 'button';
  button.addEventListener('click', onClick);
  return button;
}

const svg = 'http://www.w3.org/2000/svg';

/** A drawing of 24 by 24 without a name of its own: what it belongs to has one. */
export function makeIcon(path: string): SVGSVGElement {
  const icon = document.createElementNS(svg, 'svg');
  icon.setAttribute('viewBox', '0 0 24 24');
  icon.setAttribute('aria-hidden', 'true');
  icon.append(document.createElementNS(svg, 'path'));
  icon.firstElementChild?.setAttribute('d', path);
  return icon;
}

/** A button with an icon; its name is for screen readers and as a tooltip. */
export function makeIconButton(
  name: string,
  { path, className = '', onClick }: { path: string; className?: string; onClick: () => void },
): HTMLButtonElement {
  const button = makeButton('', `icon ${className}`.trim(), onClick);
  button.setAttribute('aria-label', name);
  button.title = name;
  button.append(makeIcon(path));
  return button;
}

/** `text` with `%` replaced. */
export function fill(text: string, value: string | number): string {
  return text.replace('%', () => String(value));
}
