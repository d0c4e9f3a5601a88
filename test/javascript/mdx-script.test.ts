import { expect, it } from 'vitest';
import { mdxScript } from '../../javascript/mdx-script.ts';

it('keeps imports, exports and elements that are paragraphs, at their offsets', () => {
  const text = `# Title\n\nimport Chat from './chat';\n\nText with <Chat /> in it.\n\n<Chat url="x" />\n`;
  const script = mdxScript(text);
  expect(script.indexOf('import Chat')).toBe(text.indexOf('import Chat'));
  expect(script.indexOf('<Chat url')).toBe(text.indexOf('<Chat url'));
  expect(script).not.toContain('Text');
});

it('leaves code samples out', () => {
  expect(mdxScript('```js\n\nexport const a = 1;\n\n```\n').trim()).toBe('');
});
