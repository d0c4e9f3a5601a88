import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import script from './panel/widget-main.script';

export type ScriptFile = {
  text: string;
  gzipped: Buffer;
  /** Changes with the text; 16 characters. */
  digest: string;
  /** For the `integrity` of a page's script element. */
  integrity: string;
};

/** The widget's script, compressed once. */
export function widgetFile(): ScriptFile {
  const hash = createHash('sha384').update(script).digest();
  return {
    text: script,
    gzipped: gzipSync(script, { level: 9 }),
    digest: hash.toString('hex').slice(0, 16),
    integrity: `sha384-${hash.toString('base64')}`,
  };
}
