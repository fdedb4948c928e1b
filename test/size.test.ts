// What a page has to load: the packed package, bundled and minified by esbuild, gzip −9, with the kernels it needs.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";
import { build, type Metafile } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { built, repository } from "./shared.js";

const folder = mkdtempSync(join(tmpdir(), "edgegrad-size-"));
afterAll(() => rmSync(folder, { recursive: true }));

const installed = join(folder, "node_modules", "edgegrad");

beforeAll(() => {
  built("index.js");
  execFileSync("npm", ["pack", "--ignore-scripts", "--pack-destination", folder], { cwd: repository, stdio: "pipe" });
  const archive = readdirSync(folder).find((name) => name.endsWith(".tgz"))!;
  mkdirSync(installed, { recursive: true });
  execFileSync("tar", ["-xzf", join(folder, archive), "-C", installed, "--strip-components=1"]);
  // The package's dependencies, from here instead of from a registry.
  for (const name of ["@assemblyscript", "fast-png", "jpeg-js", "papaparse"]) symlinkSync(join(repository, "node_modules", name), join(folder, "node_modules", name));
});

const USES: { use: string; limit: number; modules: string[]; code: string }[] = [
  { use: "running a saved model", limit: 37_200, modules: ["core"], code: `export { loadProgram } from "edgegrad/run";` },
  {
    use: "training mlp, lenet and cnn, with every layer they have",
    // Of these, 29_000 are kernels and 7_000 what only names reach: the rarer optimizers, losses, metrics and activations. compile({ optimizer: "muon" }) makes
    // model.optimizer at once, and saved models name theirs, so none of them can wait for an import.
    limit: 127_500,
    modules: ["core", "train"],
    code: `
      export { adam, init, modelToBytes, rmsprop, sequential, sgd } from "edgegrad";
      export { activation, averagePooling2d, batchNormalization, conv2d, dense, dropout, flatten, maxPooling2d, rescaling } from "edgegrad/layers";
    `,
  },
];

/** The output files that a page loads before any call: the entry, and what is imported from there on. */
function filesAtStart({ outputs }: Metafile): Set<string> {
  const loaded = new Set<string>();
  const load = (path: string): void => {
    if (loaded.has(basename(path))) return;
    loaded.add(basename(path));
    for (const { path: next, kind } of outputs[path]!.imports) if (kind === "import-statement") load(next);
  };
  load(Object.keys(outputs).find((path) => outputs[path]!.entryPoint !== undefined && basename(path).startsWith("stdin"))!);
  return loaded;
}

for (const { use, limit, modules, code } of USES) {
  test(`${use}: at most ${limit / 1000} KB of JavaScript and WebAssembly`, async () => {
    const { outputFiles, metafile } = await build({
      stdin: { contents: code, resolveDir: folder },
      bundle: true,
      minify: true,
      format: "esm",
      target: "es2022",
      external: ["node:*"],
      write: false,
      // What is imported when a call asks for it (threads, watches) is a file of its own, as in every page that is built so.
      splitting: true,
      outdir: "out",
      metafile: true,
    });
    const loaded = filesAtStart(metafile);
    const script = outputFiles.filter(({ path }) => loaded.has(basename(path))).map(({ contents }) => contents);
    expect(script.length).toBe(loaded.size);
    const kernels = modules.map((name) => readFileSync(join(installed, "dist", "wasm", `${name}.simd.wasm`)));
    const packed = (bytes: Uint8Array): number => gzipSync(bytes, { level: 9 }).length;
    const sizes = [script.reduce((sum, bytes) => sum + packed(bytes), 0), ...kernels.map(packed)];
    const total = sizes.reduce((sum, size) => sum + size, 0);
    console.log(`${use}: ${total} B gzipped (JavaScript ${sizes[0]}, ${modules.map((name, i) => `${name} ${sizes[i + 1]}`).join(", ")}), limit ${limit}`);
    expect(total).toBeLessThanOrEqual(limit);
  });
}

test("a program of ten ops bundles those, the methods of tensors and what their gradients need, and no other op", async () => {
  const used = ["add", "atan2", "conv2d", "cumsum", "exp", "layerNorm", "matmul", "mul", "silu", "sum"].filter((name) => existsSync(join(installed, "dist", "ops", `${name}.js`)));
  const { metafile } = await build({
    stdin: { contents: `export { init, tensor, ${used.join(", ")} } from "edgegrad";`, resolveDir: folder },
    bundle: true,
    format: "esm",
    target: "es2022",
    external: ["node:*"],
    write: false,
    metafile: true,
  });
  const [output] = Object.values(metafile.outputs);
  const opsOf = (files: readonly string[]): string[] => files.flatMap((file) => /dist\/ops\/(\w+)\.js$/.exec(file)?.[1] ?? []);
  const bundled = opsOf(Object.entries(output!.inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : [])));

  const needed = new Set<string>();
  const need = (name: string): void => {
    if (needed.has(name)) return;
    needed.add(name);
    importedOps(`ops/${name}.js`).forEach(need);
  };
  const modules = ["engine", "compile"].flatMap((place) => readdirSync(join(installed, "dist", place)).map((file) => `${place}/${file}`));
  const others = modules.filter((file) => file.endsWith(".js") && !FUNCTIONS.has(file.replace(/^engine\/|\.js$/g, "")));
  [...used, ...others.flatMap(importedOps)].forEach(need);
  expect(bundled.filter((name) => !needed.has(name))).toEqual([]);
  expect(bundled).toEqual(expect.arrayContaining(used));
  expect(bundled.length).toBeLessThan(readdirSync(join(installed, "dist", "ops")).filter((file) => file.endsWith(".js")).length / 2);
});

/** Files of the engine that hold public functions, an op each: those that are not used must not be bundled. */
const FUNCTIONS = new Set(["activations", "aliases", "border", "convolutions", "create", "einsum", "elementwise", "familiar", "fft", "functions", "image", "indexing", "linalg", "random", "shapes"]);

/** The ops that a built file imports. */
function importedOps(file: string): string[] {
  return [...readFileSync(join(installed, "dist", file), "utf8").matchAll(/from "(?:\.\/|\.\.\/ops\/)(\w+)\.js"/g)].flatMap(([, name]) => (existsSync(join(installed, "dist", "ops", `${name}.js`)) ? [name!] : []));
}
