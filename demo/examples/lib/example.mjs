// What every example has: a name, a title, a run, and a page that it writes. Run as a file, it trains, shows its progress and says where the page is.
import { mkdirSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { init, loadMnist, progressBar, setRandomSeed } from "edgegrad";
import { Page } from "./page.mjs";
import { RunBar } from "./runBar.mjs";

/** From so many epochs on there is one bar for the whole run. */
const MANY_EPOCHS = 25;

/**
 * url: import.meta.url of the example   about: what is shown, and what to notice   run: does the work, fills the page and returns its figures by name
 *
 * run gets: page; small: true for a run of seconds, on less data; bar(epochs): callbacks that show progress, where there is a terminal; say(line); digits():
 * MNIST, or digits that stand in for it.
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
      const page = new Page({ title, about, file, path: `demo/examples/${basename(file)}` });
      const bar = (epochs = 1) => (terminal ? [epochs < MANY_EPOCHS ? progressBar({ writer: process.stdout }) : new RunBar(process.stdout)] : []);
      const digits = () => loadMnist({ ...(data !== undefined && { data }), baseUrls: [] });
      const figures = await run({ page, small, bar, digits, say: (line) => terminal && console.log(line) });
      page.figures(figures);
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
  console.log(`${one.title}\n\n${wrapped(one.about)}\n`);
  const start = performance.now();
  const { figures } = await one.run({ small, out: file, terminal: true, ...(data !== undefined && { data }) });
  const width = Math.max(...Object.keys(figures).map(({ length }) => length));
  console.log("");
  for (const [name, value] of Object.entries(figures)) console.log(`  ${name.padEnd(width)}  ${typeof value === "number" ? Number(value.toPrecision(4)) : value}`);
  console.log(`\n${((performance.now() - start) / 1000).toFixed(1)} s. The page: ${file}`);
}

/** Lines of at most 100 characters. */
function wrapped(text) {
  return text.replace(/(.{1,100})(?: |$)/g, "$1\n").trimEnd();
}
