// What every example has: a name, a title, a run, and a page that it writes. Run as a file, it trains, shows its progress and says where the page is.
import { mkdirSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { init, loadMnist, progressBar, setRandomSeed } from "edgegrad";
import { Page } from "./page.mjs";

/**
 * url: import.meta.url of the example   run: does the work, fills the page and returns its figures
 *
 * run gets: page; small: true for a run of seconds, on less data; bar(): a progress bar for fit, where there is a terminal; say(line); digits(): MNIST, or
 * digits that stand in for it.
 */
export function example(url, title, about, run) {
  const file = fileURLToPath(url);
  const one = {
    name: basename(file, ".mjs"),
    title,
    about,
    async run({ small = false, data, out, terminal = false } = {}) {
      await init();
      setRandomSeed(1);
      const page = new Page(title, about);
      const bar = () => (terminal ? [progressBar({ writer: process.stdout })] : []);
      const digits = () => loadMnist({ ...(data !== undefined && { data }), baseUrls: [] });
      const figures = await run({ page, small, bar, digits, say: (line) => terminal && console.log(line) });
      if (out !== undefined) page.save(out);
      return { figures, page };
    },
  };
  if (process.argv[1] !== undefined && resolve(process.argv[1]) === file) void runAlone(one);
  return one;
}

/** `node demo/examples/NAME.mjs [--small] [--data DIR] [--out DIR]` */
async function runAlone(one) {
  const { values } = parseArgs({ options: { small: { type: "boolean" }, data: { type: "string" }, out: { type: "string", default: "examples" } } });
  await runExample(one, values);
}

/** Runs an example in the terminal and writes its page to the folder `out`. */
export async function runExample(one, { small, data, out = "examples" }) {
  mkdirSync(out, { recursive: true });
  const file = join(out, `${one.name}.html`);
  console.log(`${one.title}\n${one.about}\n`);
  const start = performance.now();
  const { figures } = await one.run({ small, out: file, terminal: true, ...(data !== undefined && { data }) });
  for (const [name, value] of Object.entries(figures)) console.log(`${name}: ${typeof value === "number" ? Number(value.toPrecision(5)) : value}`);
  console.log(`${((performance.now() - start) / 1000).toFixed(1)} s; the page: ${file}`);
}
