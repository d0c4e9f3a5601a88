/** An accessibility problem in the live document. */
export type Barrier = { what: string; where: string };

/**
 * Checks names, labels, ids, order of headings, contrast of texts and edges, sizes of targets, and overflow. Runs inside
 * the browser.
 */
export function findBarriers(): Barrier[] {
  const barriers: Barrier[] = [];
  const report = (what: string, element: Element): void =>
    void barriers.push({ what, where: element.outerHTML.slice(0, 120) });
  const isVisible = (element: Element): boolean => {
    const { width, height } = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    return (
      width > 1 &&
      height > 1 &&
      style.visibility !== 'hidden' &&
      style.display !== 'none' &&
      element.closest('.unseen') === null
    );
  };
  const all = [...document.querySelectorAll('body *')];

  if (document.documentElement.lang === '') report('no language', document.documentElement);
  if (document.title.trim() === '') report('no title', document.documentElement);
  if (document.querySelectorAll('main').length !== 1) report('not exactly one main', document.body);
  if (document.querySelectorAll('h1').length !== 1) report('not exactly one h1', document.body);

  const ids = all.map(({ id }) => id).filter((id) => id !== '');
  for (const element of all)
    if (element.id !== '' && ids.filter((id) => id === element.id).length > 1) report('an id twice', element);

  for (const element of document.querySelectorAll('button, a[href], summary'))
    if ((element.getAttribute('aria-label') ?? element.textContent ?? '').trim() === '')
      report('no name', element);
  for (const element of document.querySelectorAll('input, textarea, select'))
    if (
      ((element as HTMLTextAreaElement).labels ?? []).length === 0 &&
      element.getAttribute('aria-label') === null
    )
      report('no label', element);
  for (const element of document.querySelectorAll('[role=log], [role=region], article'))
    if ((element.getAttribute('aria-label') ?? '') === '') report('a region without a name', element);
  for (const element of document.querySelectorAll('[aria-describedby]'))
    if (document.getElementById(element.getAttribute('aria-describedby') ?? '') === null)
      report('described by nothing', element);
  for (const element of document.querySelectorAll('a[target=_blank]'))
    if (!(element.getAttribute('rel') ?? '').includes('noopener')) report('opens with its opener', element);

  let level = 1;
  for (const element of document.querySelectorAll('h1, h2, h3, h4, h5, h6')) {
    const own = Number(element.tagName.slice(1));
    if (own > level + 1) report('a heading that skips a level', element);
    level = own;
  }

  // Colours are computed in several colour spaces; a canvas has them all in one.
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const parse = (color: string): [number, number, number, number] => {
    canvas?.clearRect(0, 0, 1, 1);
    if (canvas !== null) canvas.fillStyle = color;
    canvas?.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0, alpha = 0] = canvas?.getImageData(0, 0, 1, 1).data ?? [];
    return [red, green, blue, alpha / 255];
  };
  const backgroundOf = (element: Element | null): [number, number, number, number] => {
    for (let at = element; at !== null; at = at.parentElement) {
      const color = parse(getComputedStyle(at).backgroundColor);
      if (color[3] > 0.99) return color;
    }
    return [255, 255, 255, 1];
  };
  const light = ([red, green, blue]: readonly number[]): number => {
    const [r = 0, g = 0, b = 0] = [red, green, blue].map((value = 0) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (a: readonly number[], b: readonly number[]): number => {
    const [dark = 0, bright = 0] = [light(a), light(b)].sort((x, y) => x - y);
    return (bright + 0.05) / (dark + 0.05);
  };
  for (const element of all) {
    const owns = [...element.childNodes].some(
      (node) => node.nodeType === 3 && (node.textContent ?? '').trim() !== '',
    );
    if (!owns || !isVisible(element)) continue;
    const ratio = contrast(parse(getComputedStyle(element).color), backgroundOf(element));
    if (ratio < 4.5) report(`contrast ${ratio.toFixed(2)}`, element);
  }
  for (const element of document.querySelectorAll('.row')) {
    const ratio = contrast(parse(getComputedStyle(element).borderTopColor), backgroundOf(element));
    if (ratio < 3) report(`an edge of contrast ${ratio.toFixed(2)}`, element);
  }
  for (const element of document.querySelectorAll('button')) {
    const { width, height } = element.getBoundingClientRect();
    if (isVisible(element) && (width < 24 || height < 24)) report('too small to hit', element);
  }
  if (document.documentElement.scrollWidth > innerWidth) report('wider than the screen', document.body);
  return barriers;
}
