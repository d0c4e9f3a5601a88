/** The button, the same before and after the widget is loaded: nothing moves. Pages may set the accent colour. */
export const launcherStyle =
  ':host{all:initial;--accent:#235a83;position:fixed;right:1.25rem;bottom:1.25rem;z-index:999;font:1rem/1.5 system-ui,sans-serif}' +
  ':host([position=left]){right:auto;left:1.25rem}' +
  ':host([inline]){position:static;display:block}' +
  '.launcher{display:flex;align-items:center;gap:.5rem;min-height:3rem;max-width:80vw;padding:.5rem 1.1rem;border:0;border-radius:1.5rem;background:var(--accent);color:#fff;color:oklch(from var(--accent) clamp(0,(.7 - l)*1000,1) 0 0);font:600 1rem/1.4 system-ui,sans-serif;cursor:pointer;box-shadow:0 2px 12px #0003}' +
  '.launcher:focus-visible{outline:3px solid var(--accent);outline-offset:3px}' +
  '.state{margin:.5rem 0 0;padding:.5rem .75rem;border-radius:.75rem;background:#23262b;color:#fff;font-size:.875rem;max-width:17rem}' +
  '.state:empty{display:none}';
