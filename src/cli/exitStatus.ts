/** Status of a program that ended on an interrupt: 128 + SIGINT, as shells have it. */
export const INTERRUPTED = 130;
