/** What a page must keep for everybody, looked up in the live document; runs inside the browser. */
export type Barrier = { what: string; where: string };

/** Names, labels, ids, order of headings, contrast of texts and edges, sizes of targets, overflow. */
export function findBarriers(): Barrier[] {
  const found: Barrier[] = [];
  const say = (what: string, one: Element): void =>
    void found.push({ what, where: one.outerHTML.slice(0, 120) });
  const isSeen = (one: Element): boolean => {
    const { width, height } = one.getBoundingClientRect();
    const style = getComputedStyle(one);
    return (
      width > 1 &&
      height > 1 &&
      style.visibility !== 'hidden' &&
      style.display !== 'none' &&
      one.closest('.unseen') === null
    );
  };
  const all = [...document.querySelectorAll('body *')];

  if (document.documentElement.lang === '') say('no language', document.documentElement);
  if (document.title.trim() === '') say('no title', document.documentElement);
  if (document.querySelectorAll('main').length !== 1) say('not one main', document.body);
  if (document.querySelectorAll('h1').length !== 1) say('not one h1', document.body);

  const ids = all.map(({ id }) => id).filter((id) => id !== '');
  for (const one of all)
    if (one.id !== '' && ids.filter((id) => id === one.id).length > 1) say('an id twice', one);

  for (const one of document.querySelectorAll('button, a[href], summary'))
    if ((one.getAttribute('aria-label') ?? one.textContent ?? '').trim() === '') say('no name', one);
  for (const one of document.querySelectorAll('input, textarea, select'))
    if (((one as HTMLTextAreaElement).labels ?? []).length === 0 && one.getAttribute('aria-label') === null)
      say('no label', one);
  for (const one of document.querySelectorAll('[role=log], [role=region], article'))
    if ((one.getAttribute('aria-label') ?? '') === '') say('a region without a name', one);
  for (const one of document.querySelectorAll('[aria-describedby]'))
    if (document.getElementById(one.getAttribute('aria-describedby') ?? '') === null)
      say('described by nothing', one);
  for (const one of document.querySelectorAll('a[target=_blank]'))
    if (!(one.getAttribute('rel') ?? '').includes('noopener')) say('opens with its opener', one);

  let level = 1;
  for (const one of document.querySelectorAll('h1, h2, h3, h4, h5, h6')) {
    const own = Number(one.tagName.slice(1));
    if (own > level + 1) say('a heading that skips a level', one);
    level = own;
  }

  const parse = (color: string): [number, number, number, number] => {
    const [red = 0, green = 0, blue = 0, alpha = 1] = (color.match(/[\d.]+/g) ?? []).map(Number);
    return [red, green, blue, alpha];
  };
  const behind = (one: Element | null): [number, number, number, number] => {
    for (let at = one; at !== null; at = at.parentElement) {
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
  const contrast = (one: readonly number[], other: readonly number[]): number => {
    const [dark = 0, bright = 0] = [light(one), light(other)].sort((a, b) => a - b);
    return (bright + 0.05) / (dark + 0.05);
  };
  for (const one of all) {
    const owns = [...one.childNodes].some(
      (node) => node.nodeType === 3 && (node.textContent ?? '').trim() !== '',
    );
    if (!owns || !isSeen(one)) continue;
    const ratio = contrast(parse(getComputedStyle(one).color), behind(one));
    if (ratio < 4.5) say(`contrast ${ratio.toFixed(2)}`, one);
  }
  for (const one of document.querySelectorAll('.row')) {
    const ratio = contrast(parse(getComputedStyle(one).borderTopColor), behind(one));
    if (ratio < 3) say(`an edge of contrast ${ratio.toFixed(2)}`, one);
  }
  for (const one of document.querySelectorAll('button')) {
    const { width, height } = one.getBoundingClientRect();
    if (isSeen(one) && (width < 24 || height < 24)) say('too small to hit', one);
  }
  if (document.documentElement.scrollWidth > innerWidth) say('wider than the screen', document.body);
  return found;
}
