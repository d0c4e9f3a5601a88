import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { openTerminal, type Terminal, type TerminalOptions } from '../../terminal.ts';

export type Demo = {
  open(act: string, options?: Omit<TerminalOptions, 'command' | 'args'> & { kind?: string }): Terminal;
  /** The folder with the bundle: the entry and its lazy chunks. */
  folder: string;
  close(): Promise<void>;
};

/** Bundles `demo.ts` like the wizard, and opens it in terminals; `close` ends them. */
export async function buildDemo(): Promise<Demo> {
  const folder = await mkdtemp(join(tmpdir(), 'wizard-demo-'));
  await build({
    entryPoints: { demo: 'test/wizard/ui/demo.ts' },
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'error',
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
    alias: { 'react-devtools-core': './test/wizard/ui/no-devtools.ts' },
  });
  const terminals: Terminal[] = [];
  return {
    folder,
    open: (act, { kind = 'ink', ...options } = {}) => {
      const terminal = openTerminal({
        ...options,
        command: process.execPath,
        args: [join(folder, 'demo.mjs'), act, kind],
      });
      terminals.push(terminal);
      return terminal;
    },
    close: async () => {
      await Promise.all(terminals.map((terminal) => terminal.close()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}
