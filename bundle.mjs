// Bundles the entries for Node, Deno and Bun, which take milliseconds for every file they load: dist/bundle/node. Bundlers and pages get the files of tsc, one a source.
// A process has one of the two, by the condition "node" in package.json's exports: never two copies of a class.
import { readdir, readFile, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const path = (file) => fileURLToPath(new URL(file, import.meta.url));

/** As deep as src/runtime/wasm, so that URLs relative to a source file hold in chunks too. */
const OUT = path("dist/bundle/node");

const ENTRIES = { index: path("src/index.ts"), inspect: path("src/inspect/index.ts"), run: path("src/run.ts"), cli: path("src/cli/main.ts") };

/** Other places where chunks begin: what import() loads, and the entries that build on the whole of index. */
const BUILT_ON_INDEX = /(inspect\/index|cli\/main|cli\/serve|engine\/watch|runtime\/wasm\/threading)\.ts$/;

/**
 * Without this, modules are grouped into chunks by who reaches them, a dozen chunks; index is to be three files. So the other chunks reach all that
 * index reaches. esbuild drops the import itself, as nothing here has side effects, once it has grouped.
 */
const fewChunks = {
  name: "few-chunks",
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^edgegrad:index$/ }, () => ({ path: ENTRIES.index }));
    onLoad({ filter: BUILT_ON_INDEX }, async ({ path }) => ({ contents: `${await readFile(path, "utf8")}\nimport "edgegrad:index";`, loader: "ts" }));
  },
};

const { metafile } = await build({
  entryPoints: ENTRIES,
  outdir: OUT,
  absWorkingDir: path("."),
  bundle: true,
  splitting: true,
  format: "esm",
  target: "es2022",
  platform: "node",
  packages: "external",
  // Names stay, for stack traces.
  minifyWhitespace: true,
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
for (const name of Object.keys(ENTRIES)) console.log(`dist/bundle/node/${name}.js  ${loaded(`dist/bundle/node/${name}.js`)} B with all it imports`);

/** Bytes of an entry and of all it imports. */
function loaded(file, seen = new Set()) {
  if (seen.has(file)) return 0;
  seen.add(file);
  const { bytes, imports } = metafile.outputs[file];
  return imports.filter(({ kind, external }) => kind === "import-statement" && !external).reduce((sum, { path }) => sum + loaded(path, seen), bytes);
}
