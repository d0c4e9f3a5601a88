/** Checks all exchanges of a test run with the stand-ins against the vendors' OpenAPI documents. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExchangeLogLine } from '../../sandbox/exchange/exchange-log.ts';
import type { Vendor } from '../../sandbox/exchange/vendor.ts';
import { problemsOf, readContract, type Contract } from './contract.ts';

/** An exchange passes if one of its vendor's documents accepts it: the versions of Qdrant differ. */
const documents: Partial<Record<Vendor, readonly string[]>> = {
  hub: ['hf-hub-spaces.openapi.json'],
  vercel: ['vercel-openapi.subset.json'],
  gemini: ['gemini-v1beta.openapi.json'],
  qdrant: ['qdrant-openapi-v1.19.x.json', 'qdrant-openapi-v1.16.x.json'],
  'qdrant-cloud': ['account', 'booking', 'cluster', 'database_api_key', 'platform', 'quota'].map(
    (name) => `qdrant-cloud/${name}.swagger.json`,
  ),
};

export type ContractReport = {
  /** All calls of vendors; `checked` are those whose path a document has. */
  exchanges: number;
  checked: number;
  shapes: number;
  faulted: number;
  problems: string[];
  /** Calls that are in no document, with their count. */
  unknown: Map<string, number>;
};

/** Null where the documents are missing. Throws on a file that the stand-ins did not write. */
export function checkExchanges(folder: string): ContractReport | null {
  const contracts = readContracts();
  if (contracts === null) return null;
  const report: ContractReport = {
    exchanges: 0,
    checked: 0,
    shapes: 0,
    faulted: 0,
    problems: [],
    unknown: new Map(),
  };
  const documented = new Set<string>();
  for (const file of readdirSync(folder)) {
    for (const text of readFileSync(join(folder, file), 'utf8').split('\n')) {
      if (text === '') continue;
      const line = JSON.parse(text) as ExchangeLogLine;
      report.exchanges += 1;
      if ('again' in line) {
        if (documented.has(line.again)) report.checked += 1;
        else count(report.unknown, callOf(line.again));
        continue;
      }
      const { exchange } = line;
      const call = `${exchange.name} ${exchange.method} ${exchange.status}`;
      if (exchange.faulted) {
        report.faulted += 1;
        documented.add(call);
        continue;
      }
      const results = (contracts.get(exchange.vendor) ?? [])
        .map((contract) => problemsOf(contract, exchange))
        .filter((problems) => problems !== null)
        .map((problems) => problems.filter((problem) => !isSeenAtVendor(problem)));
      if (results.length === 0) {
        count(report.unknown, callOf(call));
        continue;
      }
      documented.add(call);
      report.checked += 1;
      report.shapes += 1;
      if (!results.some((problems) => problems.length === 0)) report.problems.push(...(results[0] ?? []));
    }
  }
  return report;
}

/** What a vendor's own engine answers against its own document: on 1.19.0 a vector that overflows scores null. */
const isSeenAtVendor = (problem: string): boolean =>
  /^POST \/collections\/.* response\..*\.score should be number, is null$/.test(problem);

const callOf = (call: string): string => call.split(' ').slice(0, 2).join(' ');

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function readContracts(): Map<Vendor, Contract[]> | null {
  const byVendor = new Map<Vendor, Contract[]>();
  for (const [vendor, files] of Object.entries(documents)) {
    const contracts = files.map((file) => readContract(file)).filter((contract) => contract !== null);
    if (contracts.length < files.length) return null;
    byVendor.set(vendor as Vendor, contracts);
  }
  return byVendor;
}
