// Edge runtimes: nothing may happen while a module is loaded, code is never made from text or bytes, and kernels come in as imported modules.
// A bare JavaScript context with those rules stands in for one.
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { createContext, runInContext, type Context } from "node:vm";
import { build, type Plugin } from "esbuild";
import { beforeAll, describe, expect, test } from "vitest";
import { dense } from "../src/nn/layers/index.js";
import { modelToBytes, sequential } from "../src/nn/index.js";
import { built, repository } from "./shared.js";

/** What such a runtime offers beside the language once a request is there. At import only the first two are. */
const AT_IMPORT = { TextDecoder, TextEncoder };
const IN_REQUESTS = { performance, Response, setTimeout, clearTimeout, MessageChannel };

/** WebAssembly with what edge runtimes forbid taken out. Compiled modules are put in from outside. */
const RESTRICT = `{
  const { instantiate, Module } = WebAssembly;
  WebAssembly.compile = WebAssembly.compileStreaming = WebAssembly.instantiateStreaming = () => { throw new Error("compiling is forbidden"); };
  WebAssembly.instantiate = (source, imports) => {
    if (!(source instanceof Module)) throw new Error("instantiating bytes is forbidden");
    return instantiate(source, imports);
  };
  Math.random = () => { throw new Error("Math.random at import"); };
  Date.now = () => { throw new Error("Date.now at import"); };
}`;

/** Imports of kernels and of data, as edge runtimes have them. */
const imports: Plugin = {
  name: "edge imports",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\.(wasm|safetensors)$/ }, ({ path }) => ({ path, namespace: "edge" }));
    onLoad({ filter: /.*/, namespace: "edge" }, ({ path }) => ({ contents: `export default imported[${JSON.stringify(basename(path))}];` }));
  },
};

/** A context that has loaded this code, with `loaded` as its exports. */
async function edge(code: string, file: Uint8Array = new Uint8Array()): Promise<Context> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: repository },
    bundle: true,
    write: false,
    format: "iife",
    globalName: "loaded",
    target: "es2022",
    external: ["node:*"],
    logOverride: { "empty-import-meta": "silent" },
    plugins: [imports],
  });
  const context = createContext({ ...AT_IMPORT, imported: {}, bytes: {} }, { codeGeneration: { strings: false, wasm: true } });
  for (const name of ["core.simd.wasm", "train.simd.wasm"]) {
    context.bytes = readFileSync(join(repository, "dist", "wasm", name));
    runInContext(`imported[${JSON.stringify(name)}] = new WebAssembly.Module(bytes)`, context);
  }
  context.imported["digits.safetensors"] = file.slice().buffer;
  runInContext(RESTRICT, context);
  runInContext(outputFiles[0]!.text, context);
  return Object.assign(context, IN_REQUESTS);
}

describe("where modules are imported and nothing is compiled", () => {
  beforeAll(() => void built("run.js"));

  test("the README's edge function answers with what the model predicts", async () => {
    const [, code] = /```js\n(import core .*?)```/s.exec(readFileSync(join(repository, "README.md"), "utf8"))!;
    const model = sequential({ seed: 3, layers: [dense({ units: 3, inputShape: [4], activation: "softmax" })] });
    const context = await edge(code!, await modelToBytes(model));
    const expected = (await model.predict([[9, 8, 7, 250]])).dataSync();
    for (const _ of [1, 2]) {
      context.request = { arrayBuffer: async () => Uint8Array.of(9, 8, 7, 250).buffer };
      const response = (await runInContext("loaded.default.fetch(request)", context)) as Response;
      expect(await response.json()).toEqual([...expected]);
    }
  });

  test("a model is trained", async () => {
    const context = await edge(`
      import core from "edgegrad/wasm/core.simd.wasm";
      import train from "edgegrad/wasm/train.simd.wasm";
      import { init, layers, sequential } from "edgegrad";
      export async function run() {
        await init({ modules: { core, train } });
        const model = sequential({ seed: 1, layers: [layers.dense({ units: 2, inputShape: [2], activation: "softmax" })] });
        model.compile({ optimizer: "adam", loss: "sparse_categorical_crossentropy", metrics: ["accuracy"] });
        const { history } = await model.fit([[0, 1], [1, 0]], [0, 1], { epochs: 50 });
        return JSON.stringify(history.loss);
      }
    `);
    const losses = JSON.parse((await runInContext("loaded.run()", context)) as string) as number[];
    expect(losses.at(-1)).toBeLessThan(losses[0]!);
  });
});
