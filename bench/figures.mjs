/** Figures as `npm run bench` reads them: one JSON line each. */
import { median } from './processes.mjs';

const print = (figure) => process.stdout.write(`${JSON.stringify(figure)}\n`);

/** `holds` is null where there is no target, or the noise of a shared machine would decide. */
export function report(name, values, unit, { floor = null, target = null, holds = null } = {}) {
  print({
    name,
    value: median(values),
    least: Math.min(...values),
    most: Math.max(...values),
    unit,
    runs: values.length,
    floor,
    target,
    holds,
  });
}
