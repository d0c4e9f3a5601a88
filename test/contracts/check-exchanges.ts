/** Holds what a whole test run said to the stand-ins to the vendors' documents. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExchangeLogLine } from '../../sandbox/exchange/exchange-log.ts';
import type { Vendor } from '../../sandbox/exchange/vendor.ts';
import { problemsOf, readContract, type Contract } from './contract.ts';

/** An exchange is right where one of its vendor's documents finds it so: the versions of Qdrant differ. */
const documents: Partial<Record<Vendor, readonly string[]>> = {
  hub: ['hf-hub-spaces.openapi.json'],
  vercel: ['vercel-openapi.subset.json'],
  gemini: ['gemini-v1beta.openapi.json'],
  qdrant: ['qdrant-openapi-v1.19.x.json', 'qdrant-openapi-v1.16.x.json'],
};

export type ContractReport = {
  /** All calls at vendors; `judged` are those whose path a document knows. */
  exchanges: number;
  checked: number;
  shapes: number;
  faulted: number;
  problems: string[];
  /** Calls that no document knows, with how often. */
  unknown: Map<string, number>;
};

/** Null where the documents are not at hand. Throws on a file that the stand-ins did not write. */
export function checkExchanges(folder: string): ContractReport | null {
  const contracts = readContracts();
  if (contracts === null) return null;
  const verdict: ContractReport = {
    exchanges: 0,
    checked: 0,
    shapes: 0,
    faulted: 0,
    problems: [],
    unknown: new Map(),
  };
  const known = new Set<string>();
  for (const file of readdirSync(folder)) {
    for (const line of readFileSync(join(folder, file), 'utf8').split('\n')) {
      if (line === '') continue;
      const spilled = JSON.parse(line) as ExchangeLogLine;
      verdict.exchanges += 1;
      if ('again' in spilled) {
        if (known.has(spilled.again)) verdict.checked += 1;
        else count(verdict.unknown, callOf(spilled.again));
        continue;
      }
      const { exchange } = spilled;
      const call = `${exchange.name} ${exchange.method} ${exchange.status}`;
      if (exchange.faulted) {
        verdict.faulted += 1;
        known.add(call);
        continue;
      }
      const tries = (contracts.get(exchange.vendor) ?? []).map((one) => problemsOf(one, exchange));
      const judged = tries.filter((problems) => problems !== null);
      if (judged.length === 0) {
        count(verdict.unknown, callOf(call));
        continue;
      }
      known.add(call);
      verdict.checked += 1;
      verdict.shapes += 1;
      if (!judged.some((problems) => problems.length === 0)) verdict.problems.push(...(judged[0] ?? []));
    }
  }
  return verdict;
}

const callOf = (call: string): string => call.split(' ').slice(0, 2).join(' ');

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function readContracts(): Map<Vendor, Contract[]> | null {
  const read = new Map<Vendor, Contract[]>();
  for (const [vendor, files] of Object.entries(documents)) {
    const contracts = files.map((file) => readContract(file)).filter((one) => one !== null);
    if (contracts.length < files.length) return null;
    read.set(vendor as Vendor, contracts);
  }
  return read;
}
