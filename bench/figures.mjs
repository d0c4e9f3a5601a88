/** Prints a figure as one JSON line, for `npm run bench`. */
import { median } from './processes.mjs';

const print = (figure) => process.stdout.write(`${JSON.stringify(figure)}\n`);

/** `holds` is null without a target, or when the noise of a shared machine would decide. */
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
