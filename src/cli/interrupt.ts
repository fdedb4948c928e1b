// Ctrl-C during training: the first asks for a stop after the current step, the second ends the process.

export interface Interrupt {
  /** Aborted by the first Ctrl-C (or SIGTERM). */
  readonly signal: AbortSignal;
  /** Puts things back as they were. */
  release(): void;
}

/** Exit status of a process that was interrupted: 128 + SIGINT's number. */
export const INTERRUPTED = 130;

/** Listens for interrupts until released. say: takes the note for the user. */
export function onInterrupt(say: (line: string) => void): Interrupt {
  const abort = new AbortController();
  const listener = (): void => {
    if (abort.signal.aborted) process.exit(INTERRUPTED);
    say("\nStopping after this step; press Ctrl-C again to end at once.");
    abort.abort();
  };
  process.on("SIGINT", listener);
  process.on("SIGTERM", listener);
  return {
    signal: abort.signal,
    release: () => {
      process.off("SIGINT", listener);
      process.off("SIGTERM", listener);
    },
  };
}
