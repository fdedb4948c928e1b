// The command line's options: one table a command says names, kinds and help; errors name what is allowed.
import { parseArgs } from "node:util";
import { nearestName } from "../base/names.js";

/** A command line that cannot be obeyed: shown without a stack, exit status 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

export interface OptionRule<T> {
  /** How the help calls the value: "N"; undefined for a flag. */
  readonly value?: string;
  readonly help: string;
  /** The value from its text; throws UsageError with what was expected. */
  readonly read: (text: string, where: string) => T;
  readonly fallback: T;
}

type Rules = Readonly<Record<string, OptionRule<unknown>>>;
export type OptionValues<R extends Rules> = { readonly [K in keyof R]: ReturnType<R[K]["read"]> | R[K]["fallback"] };

/** A flag: given or not. */
export function flag(help: string): OptionRule<boolean> {
  return { help, read: () => true, fallback: false };
}

/** Any text. */
export function text<F extends string | undefined>(value: string, help: string, fallback: F): OptionRule<string | F> {
  return { value, help, read: (given) => given, fallback };
}

/** A whole number from `least` to `most`. */
export function whole<F extends number | undefined>(help: string, fallback: F, least: number, most = Number.MAX_SAFE_INTEGER): OptionRule<number | F> {
  const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : least === most ? `${least}` : `from ${least} to ${most}`;
  return {
    value: "N",
    help,
    fallback,
    read: (given, where) => {
      const number = /^\d+$/.test(given) ? Number(given) : NaN;
      if (!(number >= least && number <= most)) throw new UsageError(`${where}: expected a whole number ${range}, got "${given}"`);
      return number;
    },
  };
}

/** A number above `above` and below `below`. */
export function fraction<F extends number | undefined>(help: string, fallback: F, above: number, below: number): OptionRule<number | F> {
  const range = below === Infinity ? `above ${above}` : `between ${above} and ${below}`;
  return {
    value: "X",
    help,
    fallback,
    read: (given, where) => {
      const number = given.trim() === "" ? NaN : Number(given);
      if (!(number > above && number < below)) throw new UsageError(`${where}: expected a number ${range}, got "${given}"`);
      return number;
    },
  };
}

/** One of a few words. */
export function choice<W extends string, F extends W | undefined>(words: readonly W[], help: string, fallback: F): OptionRule<W | F> {
  return {
    value: words.join("|"),
    help,
    fallback,
    read: (given, where) => {
      const word = words.find((known) => known === given);
      if (word === undefined) throw new UsageError(`${where}: expected ${words.join(", ")}, got "${given}"`);
      return word;
    },
  };
}

/**
 * Reads the arguments of a command.
 *
 * rules: keyed by the option's name without dashes   Throws UsageError for an option, value or argument that is not allowed.
 */
export function readOptions<R extends Rules>(args: readonly string[], rules: R): { options: OptionValues<R>; rest: string[] } {
  const known = Object.keys(rules);
  const { tokens } = parseArgs({
    args: [...args],
    strict: false,
    tokens: true,
    allowPositionals: true,
    options: Object.fromEntries(known.map((name) => [name, { type: rules[name]!.value === undefined ? "boolean" : "string" }] as const)),
  });
  const values: Record<string, unknown> = Object.fromEntries(known.map((name) => [name, rules[name]!.fallback]));
  const rest: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") rest.push(token.value);
    if (token.kind !== "option") continue;
    const { name, rawName, value } = token;
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (!rule) {
      const nearest = nearestName(name, known);
      const hint = nearest === undefined ? "" : ` Did you mean --${nearest}?`;
      throw new UsageError(`${rawName}: no such option.${hint} Allowed: ${known.map((option) => `--${option}`).join(", ")}`);
    }
    if (rule.value === undefined && value !== undefined) throw new UsageError(`--${name}: takes no value, got "${value}"`);
    // "--out --json" forgot the file; a value that starts with dashes can be given as --out=--json.
    const missing = value === undefined || (!token.inlineValue && value.startsWith("--"));
    if (rule.value !== undefined && missing) throw new UsageError(`--${name}: expected a value, ${rule.value}`);
    values[name] = rule.read(value ?? "", `--${name}`);
  }
  return { options: values as OptionValues<R>, rest };
}

/** The options as help lines. */
export function describeOptions(rules: Rules): string {
  const rows = Object.entries(rules).map(([name, { value, help, fallback }]) => {
    const given = value === undefined ? `--${name}` : `--${name} ${value}`;
    return [given, fallback === undefined || fallback === false ? help : `${help} (${String(fallback)})`] as const;
  });
  const width = Math.max(...rows.map(([given]) => given.length)) + 2;
  return rows.map(([given, help]) => `  ${given.padEnd(width)}${help}`).join("\n");
}
