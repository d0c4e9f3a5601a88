/** Files that coding agents and other tools read: instructions, prompts, skills. Upper case, as their tools spell them. */
const toolFile =
  /(?:^|\/)(?:AGENTS?|CLAUDE(?:\.local)?|GEMINI|CODEX|COPILOT|CURSOR|WARP|SKILL|PROMPTS?)\.mdx?$/;
const toolExtension = /(?:^|\/)copilot-instructions\.md$|\.(?:prompt|instructions|chatmode|agent)\.mdx?$/i;
const toolFolder = /(?:^|\/)(?:\.[^/]+|prompts?)\//i;

/**
 * Whether a Markdown file is written for agents and tools, and so is no part of a plain folder's book: `AGENTS.md`,
 * `CLAUDE.md`, `prompts/`. `path` is relative to the folder that was named, with forward slashes.
 */
export function isToolFile(path: string): boolean {
  return toolFile.test(path) || toolExtension.test(path) || toolFolder.test(path);
}
