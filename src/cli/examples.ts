// `edgegrad examples`: lists and runs the examples of the repository, each a file of demo/examples that trains something and writes a page.
import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { nearestName } from "../base/names.js";
import { describeOptions, flag, readOptions, text, UsageError } from "./options.js";

const RULES = {
  small: flag("runs on less data, in seconds"),
  data: text("DIR", "a folder with MNIST, for the examples that read digits", undefined),
  out: text("DIR", "where the pages go", "examples"),
};

export const EXAMPLES_HELP = `edgegrad examples [NAME]: lists the examples, or runs one, which writes a page with its curves and pictures

${describeOptions(RULES)}`;

interface Example {
  readonly name: string;
  readonly title: string;
}

/** Runs the command; returns the exit status. */
export async function examples(args: readonly string[]): Promise<number> {
  const { options, rest } = readOptions(args, RULES);
  const [name, ...more] = rest;
  if (more.length > 0) throw new UsageError(`examples: expected one NAME, got ${rest.length}`);
  const folder = findFolder();
  const names = readdirSync(folder).filter((file) => file.endsWith(".mjs")).map((file) => file.slice(0, -4)).sort();
  const load = async (one: string): Promise<Example> => ((await import(pathToFileURL(join(folder, `${one}.mjs`)).href)) as { default: Example }).default;
  if (name === undefined) {
    const width = Math.max(...names.map(({ length }) => length));
    for (const one of names) console.log(`${one.padEnd(width)}  ${(await load(one)).title}`);
    return 0;
  }
  if (!names.includes(name)) {
    const nearest = nearestName(name, names);
    throw new UsageError(`examples: ${name}: no such example.${nearest ? ` Did you mean ${nearest}?` : ""} Allowed: ${names.join(", ")}`);
  }
  const { runExample } = (await import(pathToFileURL(join(folder, "lib", "example.mjs")).href)) as { runExample: (one: Example, options: object) => Promise<void> };
  await runExample(await load(name), options);
  return 0;
}

/** demo/examples of the repository that this command was built in. */
function findFolder(): string {
  for (let at = dirname(fileURLToPath(import.meta.url)), up = dirname(at); at !== up; at = up, up = dirname(at)) {
    const folder = join(at, "demo", "examples");
    if (existsSync(folder)) return folder;
  }
  throw new UsageError("examples: they are part of the repository, not of the package. Clone it, and run `npm ci && npm run build` there");
}
