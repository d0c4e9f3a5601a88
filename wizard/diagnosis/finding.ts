import type { Service } from '../model/service.ts';

/** Something that is wrong, with the one thing to do about it. */
export type Finding = { code: string; service: Service | null; message: string; remedy: string };
