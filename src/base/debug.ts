// Debug flags, read once from the environment where there is one: DEBUG=1..5, and passes that can be switched off (CSE=0, FUSE=0 …).

function environment(name: string): string | undefined {
  return typeof process === "object" && process?.env ? process.env[name] : undefined;
}

/** 0 nothing; 1 programs and times, graphs verified; 2 programs in full; 3 memory; 4 the graph after each pass. */
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
