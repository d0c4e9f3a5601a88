/** Follows the theme that the element, else Docusaurus, else the browser names. */
export function followTheme(host: HTMLElement, show: (theme: 'light' | 'dark') => void): void {
  const page = document.documentElement;
  const prefersDark = matchMedia('(prefers-color-scheme: dark)');
  const update = (): void => {
    const theme = host.getAttribute('theme') ?? page.dataset['theme'] ?? '';
    if (theme === 'light' || theme === 'dark') show(theme);
    else show(prefersDark.matches ? 'dark' : 'light');
  };
  new MutationObserver(update).observe(page, { attributeFilter: ['data-theme'] });
  new MutationObserver(update).observe(host, { attributeFilter: ['theme'] });
  prefersDark.addEventListener('change', update);
  update();
}
