import type { Plugin as EsbuildPlugin } from 'esbuild';
import type { Plugin as VitePlugin } from 'vitest/config';

export declare const browserScripts: EsbuildPlugin;
export declare const viteBrowserScripts: VitePlugin;
