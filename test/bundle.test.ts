// The bundle that Node, Deno and Bun get: few files, one copy of every class, the same bits as the files of tsc.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { built, repository } from "./shared.js";

const folder = mkdtempSync(join(tmpdir(), "edgegrad-bundle-"));
afterAll(() => rmSync(folder, { recursive: true }));

beforeAll(() => {
  built("bundle/node/index.js");
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(repository, join(folder, "node_modules", "edgegrad"));
});

/** What a script prints that imports from the package, as a user's does. */
function run(code: string): string {
  writeFileSync(join(folder, "script.mjs"), code);
  return execFileSync(process.execPath, ["script.mjs"], { cwd: folder, encoding: "utf8", timeout: 60_000 }).trim();
}

/** The files an entry loads before any call. */
function filesOf(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const [, next] of readFileSync(file, "utf8").matchAll(/(?:from|import)\s*"(\.[^"]+)"/g)) filesOf(join(dirname(file), next!), seen);
  return seen;
}

test.each([["index", 3], ["run", 2], ["inspect", 4], ["layers", 3], ["methods", 4], ["cli", 4]])("%s loads at most %d files", (entry, most) => {
  expect(filesOf(built(`bundle/node/${entry}.js`)).size).toBeLessThanOrEqual(most);
});

test("Node gets the bundle, by every entry, and the entries share their classes", () => {
  const printed = run(`
    import { fileURLToPath } from "node:url";
    import { FormatError, layers } from "edgegrad";
    import { graphOf } from "edgegrad/inspect";
    import { dense } from "edgegrad/layers";
    import { loadProgram } from "edgegrad/run";
    for (const entry of ["edgegrad", "edgegrad/inspect", "edgegrad/layers", "edgegrad/methods", "edgegrad/run"]) console.log(import.meta.resolve(entry).includes("/dist/bundle/node/"));
    console.log(await loadProgram(new Uint8Array(20)).catch((error) => error instanceof FormatError));
    console.log(dense === layers.dense, typeof graphOf);
  `);
  expect(printed.split("\n")).toEqual(["true", "true", "true", "true", "true", "true", "true function"]);
});

test("a bundle in one file says where it looks for the kernels, and takes them from there", async () => {
  // As deep as the kernels are looked for.
  const site = join(folder, "site", "assets", "js");
  await build({
    stdin: { contents: `import { tensor1d } from "edgegrad"; console.log(await tensor1d([1, 2]).mul(2).array().catch((error) => error.message));`, resolveDir: folder },
    bundle: true,
    format: "esm",
    external: ["node:*"],
    outfile: join(site, "app.mjs"),
  });
  const start = (): string => execFileSync(process.execPath, [join(site, "app.mjs")], { encoding: "utf8", timeout: 60_000 }).trim();
  const [, address] = /cannot load kernels from (file:\S+\.wasm): .* Copy the package's dist\/wasm to there/.exec(start())!;
  const kernels = dirname(fileURLToPath(address!));
  mkdirSync(dirname(kernels), { recursive: true });
  symlinkSync(join(repository, "dist", "wasm"), kernels);
  expect(start()).toBe("[ 2, 4 ]");
});

const TRAINING = `
  import { createHash } from "node:crypto";
  await init({ threads: 2 });
  const model = sequential({ seed: 3, layers: [layers.conv2d({ filters: 8, kernelSize: 3, activation: "relu", inputShape: [28, 28, 1] }), layers.flatten(), layers.dense({ units: 10, activation: "softmax" })] });
  model.compile({ optimizer: adam(0.01), loss: "sparseCategoricalCrossentropy" });
  const images = Float32Array.from({ length: 64 * 784 }, (_, i) => ((i * 37) % 101) / 101);
  const labels = Int32Array.from({ length: 64 }, (_, i) => i % 10);
  for (let step = 0; step < 20; step++) await model.trainOnBatch({ data: images, shape: [64, 28, 28, 1] }, { data: labels, shape: [64] });
  for (let i = 0; i < 200 && threads().ready < 2; i++) await new Promise((resolve) => setTimeout(resolve, 10));
  const sha256 = createHash("sha256");
  for (const weight of model.getWeights()) sha256.update(weight.dataSync());
  console.log(threads().ready, sha256.digest("hex"));
  process.exit(0);
`;

test("training with it gives the bits that the files of tsc give, threads included", () => {
  const names = "adam, init, layers, sequential, threads";
  const bundled = run(`import { ${names} } from "edgegrad";${TRAINING}`);
  expect(bundled.slice(0, 2)).toBe("2 ");
  expect(bundled).toBe(run(`import { ${names} } from ${JSON.stringify(pathToFileURL(built("index.js")).href)};${TRAINING}`));
});

test("bundlers get the files of tsc, whatever they bundle for, and leave out what is not used", async () => {
  for (const platform of ["browser", "node"] as const) {
    const { metafile } = await build({
      stdin: { contents: `export { tensor } from "edgegrad";`, resolveDir: folder },
      bundle: true,
      platform,
      format: "esm",
      external: ["node:*"],
      write: false,
      metafile: true,
    });
    const [{ inputs }] = Object.values(metafile.outputs) as [(typeof metafile.outputs)[string]];
    const used = Object.keys(inputs).filter((file) => inputs[file]!.bytesInOutput > 0);
    expect(used.some((file) => file.endsWith("dist/engine/tensor.js"))).toBe(true);
    expect(used.filter((file) => /dist\/(bundle|nn)\//.test(file))).toEqual([]);
  }
});

test("the command is of the bundle, and finds the page's folder from there", () => {
  const { bin } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8")) as { bin: { edgegrad: string } };
  const command = join(repository, bin.edgegrad);
  expect(command).toBe(built("bundle/node/cli.js"));
  expect(execFileSync(process.execPath, [command, "--help"], { encoding: "utf8" })).toContain("edgegrad train");
});
