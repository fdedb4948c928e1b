// Debug flags, read from the environment where there is one: DEBUG=1..5, and passes that can be switched off (CSE=0, FUSE=0 …).

function environment(name: string): string | undefined {
  try {
    return typeof process === "object" && process?.env ? process.env[name] : undefined;
  } catch {
    // Deno without --allow-env. Debugging is not worth a permission.
    return undefined;
  }
}

/**
 * Each level prints what those below it do, and: 1 what was compiled and how long it runs (and graphs and programs are verified); 2 programs in full and the
 * times of their steps; 3 memory plans; 4 the graph after each pass; 5 the words of each step. 0: nothing.
 */
export function debugLevel(): number {
  return Number(environment("DEBUG") ?? 0) || 0;
}

/** True when NAME=0 stands in the environment. */
export function isOff(name: string): boolean {
  return environment(name) === "0";
}

/** True when NAME=1 stands in the environment. */
export function isOn(name: string): boolean {
  return environment(name) === "1";
}

export function debugLog(level: number, text: () => string): void {
  if (debugLevel() >= level) console.error(text());
}
