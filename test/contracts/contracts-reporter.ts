import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Reporter } from 'vitest/node';
import { checkExchanges, type ContractReport } from './check-exchanges.ts';

const MAX_SHOWN = 20;

/** Collects every exchange of a run with the stand-ins, and fails the run when one differs from its document. */
export default class ContractsReporter implements Reporter {
  #folder = '';

  onInit(): void {
    this.#folder = mkdtempSync(join(tmpdir(), 'rag-space-exchanges-'));
    // Test workers and the programs that they start inherit it.
    process.env['SANDBOX_RECORD_DIR'] = this.#folder;
  }

  onTestRunEnd(): void {
    const report = checkExchanges(this.#folder);
    rmSync(this.#folder, { recursive: true, force: true });
    if (report !== null && report.problems.length > 0) process.exitCode = 1;
    // Printed after the default reporter's summary, which is written in the same hook.
    setImmediate(() => process.stdout.write(report === null ? skipped : summarise(report)));
  }
}

const skipped =
  "contracts: skipped: the vendors' OpenAPI documents and recordings (../shared/contracts) are not here; with them every exchange of this run would be checked\n";

function summarise({ exchanges, checked, shapes, faulted, problems, unknown }: ContractReport): string {
  const distinct = [...new Set(problems)];
  const names = [...unknown]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, times]) => `${name} (${times})`);
  return [
    ...distinct.slice(0, MAX_SHOWN).map((problem) => `contracts: not as documented: ${problem}`),
    `contracts: in no document: ${names.join(', ') || 'nothing'}`,
    `contracts: ${exchanges} exchanges, ${checked} checked against the documents (${shapes} shapes), ` +
      `${faulted} faulted on purpose, ${distinct.length} problems\n`,
  ].join('\n');
}
