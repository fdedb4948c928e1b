// Bundles the entries for Node, Deno and Bun, which take milliseconds for every file they load: dist/bundle/node. Bundlers and pages get the files of tsc, one a source.
// package.json's exports tell them apart: bundlers ask for "module", whatever they bundle for, runtimes for "node". A process has one of the two: never two copies of a class.
import { readdir, readFile, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const path = (file) => fileURLToPath(new URL(file, import.meta.url));

/** As deep as src/runtime/wasm, so that URLs relative to a source file hold in chunks too. */
const OUT = path("dist/bundle/node");

const INDEX = path("src/index.ts");

/** The entries that build on the whole of index. */
const WIDER = { inspect: path("src/inspect/index.ts"), layers: path("src/nn/layers/index.ts"), methods: path("src/methods.ts"), cli: path("src/cli/main.ts") };

/**
 * Without this, modules are grouped into chunks by who reaches them, a dozen chunks; index is to be three files. So the wider entries reach all that index
 * reaches; what import() loads, too; and watches reach inspect, whose printing they share. Where it can, esbuild drops the import itself once it has grouped.
 */
const fewChunks = {
  name: "few-chunks",
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^edgegrad:index$/ }, () => ({ path: INDEX }));
    onResolve({ filter: /^edgegrad:inspect$/ }, () => ({ path: WIDER.inspect }));
    onResolve({ filter: /^\./ }, ({ kind, path: file, resolveDir }) => (kind === "dynamic-import" ? { path: join(resolveDir, file.replace(/\.js$/, ".ts")), namespace: "wider" } : undefined));
    onResolve({ filter: /^wider:/ }, ({ path: file }) => ({ path: file.slice("wider:".length), namespace: "wider" }));
    const reaching = (entries) => ({ path: file }) => ({ contents: `${entries} export * from ${JSON.stringify(file)};`, resolveDir: dirname(file) });
    onLoad({ filter: /\/engine\/watch\.ts$/, namespace: "wider" }, reaching('import "edgegrad:index"; import "edgegrad:inspect";'));
    onLoad({ filter: /./, namespace: "wider" }, reaching('import "edgegrad:index";'));
    // Nothing but its side effects counts of the command, so that a file that imports it would be empty.
    onLoad({ filter: /\/cli\/main\.ts$/ }, async ({ path: file }) => ({ contents: `${await readFile(file, "utf8")}\nimport "edgegrad:index";`, loader: "ts" }));
  },
};

const NAMES = ["index", "inspect", "layers", "methods", "run", "cli"];

const { metafile } = await build({
  entryPoints: { index: INDEX, inspect: `wider:${WIDER.inspect}`, layers: `wider:${WIDER.layers}`, methods: `wider:${WIDER.methods}`, run: path("src/run.ts"), cli: WIDER.cli },
  outdir: OUT,
  absWorkingDir: path("."),
  bundle: true,
  splitting: true,
  format: "esm",
  target: "es2022",
  platform: "node",
  packages: "external",
  // Names and lines stay: Node prints the line that threw.
  minifySyntax: true,
  sourcemap: true,
  sourcesContent: false,
  metafile: true,
  plugins: [fewChunks],
  logLevel: "warning",
  logOverride: { "ignored-bare-import": "silent" },
});
// Afterwards, so that who runs the bundle meanwhile has one.
const written = new Set(Object.keys(metafile.outputs).map((file) => basename(file)));
for (const file of await readdir(OUT)) if (!written.has(file)) await rm(join(OUT, file));
for (const name of NAMES) console.log(`dist/bundle/node/${name}.js  ${loaded(`dist/bundle/node/${name}.js`)} B with all it imports`);

/** Bytes of an entry and of all it imports. */
function loaded(file, seen = new Set()) {
  if (seen.has(file)) return 0;
  seen.add(file);
  const { bytes, imports } = metafile.outputs[file];
  return imports.filter(({ kind, external }) => kind === "import-statement" && !external).reduce((sum, { path }) => sum + loaded(path, seen), bytes);
}
