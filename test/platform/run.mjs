// `npm run test:platform`: trains on generated digits in every runtime, on 1, 2, 3 and 8 threads; the same seed has to give the same weights, bit for bit.
// Runtimes come from this folder's package.json; Chromium is the installed one ($EDGEGRAD_CHROMIUM, else the usual places).
import { execFile } from "node:child_process";
import { createServer } from "node:http";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { chromium } from "playwright-core";

const here = fileURLToPath(new URL(".", import.meta.url));
const repository = join(here, "..", "..");
const MODELS = [
  { model: "mlp", steps: 50, optimizer: "rmsprop" },
  { model: "lenet", steps: 20, optimizer: "adam" },
];
const RUNS = MODELS.flatMap((options) => [1, 2, 3, 8].map((threads) => ({ ...options, threads })));
/** A script that its threads keep alive would never end. */
const LIMIT_MS = 180_000;
const modules = join(here, "node_modules");
const RUNTIMES = [
  { name: "Node 20", run: command(join(modules, "node20/bin/node")) },
  { name: "Node 24", run: command(join(modules, "node24/bin/node")) },
  { name: "Deno", run: command(join(modules, ".bin/deno"), ["run", "--allow-all", "--no-lock"]) },
  { name: "Bun", run: command(join(modules, ".bin/bun")) },
  { name: "Chromium", run: inChromium },
];

const PAGE = `<!doctype html><link rel="icon" href="data:,"><script type="importmap">{"imports":{"@assemblyscript/loader":"/node_modules/@assemblyscript/loader/index.js"}}</script>
<script type="module">
import { train } from "/test/platform/train.mjs";
window.train = train;
</script>`;

const TYPES = { ".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm" };

const sums = new Map(MODELS.map(({ model }) => [model, new Set()]));
let failed = 0;
for (const { name, run } of RUNTIMES) {
  for (const options of RUNS) {
    try {
      const begin = performance.now();
      const { weightsSha256, loss, threads } = await run(options);
      if (threads !== options.threads) throw new Error(`asked for ${options.threads} threads, ended with ${threads}`);
      sums.get(options.model).add(weightsSha256);
      console.log(`${name.padEnd(9)} ${options.model.padEnd(5)} ${options.steps} steps  ${threads} threads  ${weightsSha256}  loss ${loss}  ${((performance.now() - begin) / 1000).toFixed(1)} s`);
    } catch (error) {
      failed++;
      console.log(`${name.padEnd(9)} ${options.model.padEnd(5)} on ${options.threads} failed: ${error.stderr || error.message}`);
    }
  }
}
for (const [model, found] of sums) console.log(`${model}: ${found.size === 1 ? "the same bits" : `${found.size} different results`} in all that ran`);
if (failed > 0) console.log(`${failed} runs failed`);
process.exit(failed > 0 || [...sums.values()].some(({ size }) => size !== 1) ? 1 : 0);

/** Runs train.mjs in a runtime. */
function command(binary, args = []) {
  return async (options) => {
    const { stdout } = await promisify(execFile)(binary, [...args, join(here, "train.mjs"), JSON.stringify(options)], { maxBuffer: 1 << 24, timeout: LIMIT_MS });
    return JSON.parse(stdout.trim().split("\n").at(-1));
  };
}

/** The same training in a page: the built files as they are, no bundler between. */
async function inChromium(options) {
  const server = createServer(async ({ url }, response) => {
    // Threads share memory, which pages may do only behind these.
    response.setHeader("Cross-Origin-Opener-Policy", "same-origin").setHeader("Cross-Origin-Embedder-Policy", "require-corp");
    const path = normalize(new URL(url, "http://localhost").pathname);
    if (path === "/") return void response.setHeader("content-type", "text/html").end(PAGE);
    const served = path.startsWith("/dist/") || path === "/test/platform/train.mjs" || path.startsWith("/node_modules/@assemblyscript/loader/");
    const body = served && (await readFile(join(repository, path)).catch(() => null));
    if (!body) return void response.writeHead(404).end();
    response.setHeader("content-type", TYPES[extname(path)] ?? "text/plain").end(body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const browser = await chromium.launch({ executablePath: findChromium(), args: ["--no-sandbox", "--disable-gpu"] });
  try {
    const page = await browser.newPage();
    page.on("pageerror", (error) => console.error(error.message));
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    await page.waitForFunction("window.train");
    return await page.evaluate((given) => window.train(given), options);
  } finally {
    await browser.close();
    server.close();
  }
}

function findChromium() {
  const places = [process.env.EDGEGRAD_CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
  const path = places.find((place) => place && existsSync(place));
  if (!path) throw new Error(`expected one of ${places.slice(1).join(", ")}, found none. Install chromium`);
  return path;
}
