// Checks of the options users pass, names and values: one place for their wording.
import { ValueError } from "./errors.js";
import { nearestName, normalizeName } from "./names.js";

/** Options as other libraries, or older versions of them, call them. snake_case needs no row: nearestName sees through it. */
const HERE: Readonly<Record<string, readonly string[]>> = {
  lr: ["learningRate"],
  eps: ["epsilon"],
  betas: ["beta1", "beta2"],
  wd: ["weightDecay"],
  filepath: ["path"],
  filename: ["path"],
  dir: ["data"],
  folder: ["data"],
  path: ["data"],
  nbepoch: ["epochs"],
  p: ["rate"],
  outfeatures: ["units"],
  outputdim: ["units", "outputDim"],
  outchannels: ["filters"],
  batchinputshape: ["inputShape"],
  batchshape: ["shape"],
  batches: ["steps"],
  batchesperepoch: ["stepsPerEpoch"],
  validationbatches: ["validationSteps"],
};

/** What an unknown option may mean: a question, or nothing. */
function hintFor(name: string, known: readonly string[]): string {
  const plain = normalizeName(name);
  const own = Object.hasOwn(HERE, plain) ? HERE[plain]!.filter((here) => known.includes(here)) : [];
  const nearest = own.length > 0 ? own : [nearestName(name, known) ?? []].flat();
  return nearest.length === 0 ? "" : ` Did you mean ${nearest.map((here) => `"${here}"`).join(" and ")}?`;
}

/** An object of options, none of them but those known by name; what is misspelt would be left out of account quietly. */
export function checkOptions<T>(options: T, known: readonly string[], where: string): T & object {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    // dropout(0.3), dense(64): what matters most is named first.
    const meant = typeof options === "object" || options === undefined ? "" : ` Did you mean { ${known[0]}: ${show(options)} }?`;
    throw new ValueError(`${where}: expected options { ${known.join(", ")} }, got ${show(options)}.${meant}`);
  }
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    throw new ValueError(`${where}: no option is called "${name}"; expected ${known.join(", ")}.${hintFor(name, known)}`);
  }
  return options;
}

/** A whole number of at least `least`. */
export function checkWhole(value: unknown, where: string, least = 1): number {
  if (typeof value !== "number" || !Number.isInteger(value) || value < least) {
    throw new ValueError(`${where}: expected a whole number of at least ${least}, got ${show(value)}.`);
  }
  return value;
}

/** A finite number in [min, max], or [min, max) when `open`. */
export function checkNumber(value: unknown, where: string, min = -Infinity, max = Infinity, open = false): number {
  if (typeof value !== "number" || !Number.isFinite(value) || value < min || value > max || (open && value === max)) {
    const range = min === -Infinity && max === Infinity ? "a finite number" : `a number in [${min}, ${max}${open ? ")" : "]"}`;
    throw new ValueError(`${where}: expected ${range}, got ${show(value)}.`);
  }
  return value;
}

/** One of a few words. */
export function checkWord<W extends string>(value: unknown, words: readonly W[], where: string): W {
  const found = words.find((word) => word === value);
  if (found === undefined) throw new ValueError(`${where}: expected one of ${words.map((word) => `"${word}"`).join(", ")}; got ${show(value)}.`);
  return found;
}

function show(value: unknown): string {
  return typeof value === "number" ? String(value) : (JSON.stringify(value) ?? String(value));
}
