/**
 * A function of an object that remembers its results for the objects asked about last. Objects are compared by identity,
 * and an object that changes afterwards keeps its first result.
 */
export function rememberRecent<Key extends object, Result extends object>(
  compute: (key: Key) => Result,
  max: number,
): (key: Key) => Result {
  const recent = new Map<Key, Result>();
  return (key) => {
    const result = recent.get(key) ?? compute(key);
    // A map keeps the order of insertion: the first one was not asked about for the longest time.
    recent.delete(key);
    recent.set(key, result);
    for (const oldest of recent.keys()) {
      if (recent.size <= max) break;
      recent.delete(oldest);
    }
    return result;
  };
}
