import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { FastifyInstance } from 'fastify';
import type { UsageLog } from '../../chat/budget/usage-log.ts';
import type { MessageStore } from '../../chat/conversation/message-store.ts';
import type { CircuitBreaker } from '../../chat/resilience/circuit-breaker.ts';
import { AnswerMetrics } from './answer-metrics.ts';
import { sample } from './sample.ts';

type MetricsOptions = {
  breakers: Readonly<Record<string, CircuitBreaker>>;
  messageStore: Pick<MessageStore, 'backlog'>;
  usage: Pick<UsageLog, 'total'>;
};

/**
 * `GET /metrics` in Prometheus' text format: counts, durations and states since the process started, without a text, an
 * address or a name that anybody chose. Returns what observes the answers.
 */
export function metricsRoute(app: FastifyInstance, options: MetricsOptions): AnswerMetrics {
  const answers = new AnswerMetrics();
  const responses = new Map<string, number>();
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  app.addHook('onResponse', (_request, reply, done) => {
    const label = `code="${reply.statusCode}"`;
    responses.set(label, (responses.get(label) ?? 0) + 1);
    done();
  });
  app.addHook('onClose', (_app, done) => {
    delay.disable();
    done();
  });
  app.get('/metrics', async (_request, reply) => {
    const lines = [
      ...sample('http_responses_total', 'counter', 'Responses by status code.', [...responses]),
      ...answers.lines(),
      ...stateLines(options),
      ...sample('event_loop_delay_seconds', 'gauge', 'Of the event loop, since the last look.', [
        ...[50, 99].map((rank) => [`quantile="0.${rank}"`, delay.percentile(rank) / 1e9] as const),
        ['quantile="1"', delay.max / 1e9],
      ]),
    ];
    delay.reset();
    return reply
      .header('cache-control', 'no-store')
      .type('text/plain; version=0.0.4; charset=utf-8')
      .send(`${lines.join('\n')}\n`);
  });
  return answers;
}

function stateLines({ breakers, messageStore, usage }: MetricsOptions): string[] {
  const { pending, lost } = messageStore.backlog;
  const { calls, inputTokens, outputTokens } = usage.total;
  return [
    ...sample('model_calls_total', 'counter', 'Calls of the generating model.', [['', calls]]),
    ...sample('model_tokens_total', 'counter', 'Tokens of the generating model.', [
      ['direction="input"', inputTokens],
      ['direction="output"', outputTokens],
    ]),
    ...sample('messages_waiting', 'gauge', 'Messages that wait to be stored.', [['', pending]]),
    ...sample('messages_lost_total', 'counter', 'Messages that were given up.', [['', lost]]),
    ...sample(
      'circuit_breaker_open',
      'gauge',
      '1 while a service is not called because it failed.',
      Object.entries(breakers).map(([name, { openFailure }]) => [
        `service="${name}"`,
        openFailure === null ? 0 : 1,
      ]),
    ),
  ];
}
