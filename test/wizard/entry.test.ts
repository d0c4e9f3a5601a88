import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { parse } from 'acorn';
import { describe, expect, it } from 'vitest';
import { emptyReport, finish } from '../../wizard/model/run/report.ts';

const source = readFileSync(new URL('../../wizard/entry.js', import.meta.url), 'utf8');

type Outcome = { stdout: string; stderr: string; exitCode: number; loaded: string[] };

/** The entry file as a Node of this version would run it. */
function start(version: string, argv: string[] = []): Outcome {
  const outcome: Outcome = { stdout: '', stderr: '', exitCode: 0, loaded: [] };
  const process = {
    versions: { node: version },
    argv: ['node', 'main.js', ...argv],
    stdout: { write: (text: string) => void (outcome.stdout += text) },
    stderr: { write: (text: string) => void (outcome.stderr += text) },
    set exitCode(code: number) {
      outcome.exitCode = code;
    },
    get exitCode() {
      return outcome.exitCode;
    },
  };
  const load = (code: string): unknown => outcome.loaded.push(code);
  runInNewContext(source, { process, REQUIRED_NODE: '20.19', eval: load });
  return outcome;
}

describe('the entry file', () => {
  it('can be parsed by every Node', () => {
    expect(() => parse(source, { ecmaVersion: 5, sourceType: 'script', allowHashBang: true })).not.toThrow();
  });

  it.each(['6.17.1', '16.20.2', '18.20.8', '20.11.1', '20.18.3'])(
    'refuses Node %s in one sentence',
    (version) => {
      const { stdout, stderr, exitCode, loaded } = start(version);
      expect(stderr.split('\n')[0]).toBe(
        `rag-space-setup needs Node 20.19 or newer; this is Node ${version}.`,
      );
      expect({ stdout, exitCode, loaded }).toEqual({ stdout: '', exitCode: 2, loaded: [] });
    },
  );

  it.each(['20.19.0', '20.20.2', '22.0.0', '26.12.1', '24.0.0-nightly'])(
    'loads the wizard on Node %s',
    (version) => {
      expect(start(version)).toEqual({
        stdout: '',
        stderr: '',
        exitCode: 0,
        loaded: ['import("./wizard.js")'],
      });
    },
  );

  it('says the same as the last event of every run to a script', () => {
    const { stdout, stderr } = start('18.20.8', ['--yes', '--json']);
    const { v, at, ...event } = JSON.parse(stdout);
    const [message, remedy] = stderr.trim().split('\n');
    const failure = { kind: 'usage', code: 'old-node', message, remedy, service: null } as const;
    expect(event).toEqual(finish({ ...emptyReport, failure: failure as never }));
    expect(v).toBe(1);
    expect(new Date(at).toISOString()).toBe(at);
  });
});
