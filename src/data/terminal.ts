// The terminal that a process writes to.

/** The terminal, where lines can be drawn again; undefined in browsers, workers, and where the output goes to a file. */
export function terminal(): { write(text: string): unknown; readonly isTTY: true } | undefined {
  const output = typeof process === "undefined" ? undefined : process.stdout;
  return output?.isTTY ? { write: (text) => output.write(text), isTTY: true } : undefined;
}
