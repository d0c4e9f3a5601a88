import type { Service } from './service.ts';

/** Stable: scripts branch on these. */
export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  rejected: 3,
  unreachable: 4,
  'changes-pending': 10,
  unproven: 11,
  'input-missing': 12,
  bug: 20,
  cancelled: 130,
} as const;
export type FailureKind = Exclude<keyof typeof exitCodes, 'done' | 'changes-pending' | 'unproven'>;

export type FailureReport = {
  kind: FailureKind;
  code: string;
  message: string;
  remedy: string;
  service: Service | null;
};

/** What the caller cannot handle: `message` says what happened, `remedy` what to type or click. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly kind: FailureKind;
  readonly code: string;
  readonly remedy: string;
  readonly service: Service | null;

  constructor(options: {
    kind?: FailureKind;
    code: string;
    message: string;
    remedy: string;
    service?: Service | null;
    cause?: unknown;
  }) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = options.kind ?? 'failed';
    this.code = options.code;
    this.remedy = options.remedy;
    this.service = options.service ?? null;
  }

  /** The failure as data, without its cause: fit for events and screens. */
  report(): FailureReport {
    const { kind, code, message, remedy, service } = this;
    return { kind, code, message, remedy, service };
  }
}
