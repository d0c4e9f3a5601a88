/**
 * A signal that ends with `signal`, or after `ms` milliseconds with a `TimeoutError`. Its own timer, because
 * `AbortSignal.any` does not hold an `AbortSignal.timeout` that nobody else holds: once collected it never comes
 * (Node 20).
 */
export function deadline({ signal, ms }: { signal: AbortSignal; ms: number }): AbortSignal {
  const controller = new AbortController();
  const late = (): void =>
    controller.abort(new DOMException(`no answer within ${ms / 1000} s`, 'TimeoutError'));
  const timer = setTimeout(late, ms);
  timer.unref();
  const leave = (): void => {
    clearTimeout(timer);
    controller.abort(signal.reason);
  };
  if (signal.aborted) leave();
  else signal.addEventListener('abort', leave, { once: true, signal: controller.signal });
  return controller.signal;
}
