// The import rule holds for src/; and the checker sees each kind of breach on a made-up example.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { breaches } from "./layers.js";

const src = fileURLToPath(new URL("../src", import.meta.url));

test("[D4] src/ keeps the import rule: kernels and programs below, ops and compiler above them, layers and models on top", () => {
  const paths = readdirSync(src, { recursive: true, encoding: "utf8" })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => path.endsWith(".ts") && !path.endsWith(".test.ts"));
  expect(paths.length).toBeGreaterThan(50);
  expect(breaches(new Map(paths.map((path) => [path, readFileSync(join(src, path), "utf8")])))).toEqual([]);
});

const EXAMPLES: { claim: string; sources: Record<string, string>; breach: RegExp | null }[] = [
  {
    claim: "a lower folder may not import a higher one",
    sources: { "base/a.ts": `import { b } from "../graph/b.js";\nexport const a = b;`, "graph/b.ts": "export const b = 1;" },
    breach: /^base\/a\.ts \(base\) imports graph\/b\.ts: base may import nothing$/,
  },
  {
    claim: "folders of one rank may not import each other",
    sources: { "compile/a.ts": `export { b } from "../runtime/b.js";`, "runtime/b.ts": "export const b = 1;" },
    breach: /^compile\/a\.ts \(compile\) imports runtime\/b\.ts/,
  },
  {
    claim: "an import over several lines counts",
    sources: { "nn/a.ts": `import {\n  b,\n  type C,\n} from "../compile/b.js";\nexport const a: C = b;`, "compile/b.ts": "export type C = 1;\nexport const b = 1;" },
    breach: /^nn\/a\.ts \(nn\) imports compile\/b\.ts/,
  },
  {
    claim: "import() counts",
    sources: { "engine/a.ts": `export const a = () => import("../nn/b.js");`, "nn/b.ts": "export const b = 1;" },
    breach: /^engine\/a\.ts \(engine\) imports nn\/b\.ts/,
  },
  {
    claim: "types may come from the same rank",
    sources: { "program/a.ts": `import type { B } from "../graph/b.js";\nexport type A = B;`, "graph/b.ts": "export type B = 1;" },
    breach: null,
  },
  {
    claim: "types may not come from a higher rank",
    sources: { "program/a.ts": `import type { B } from "../ops/b.js";\nexport type A = B;`, "ops/b.ts": "export type B = 1;" },
    breach: /^program\/a\.ts \(program\) imports types from ops\/b\.ts/,
  },
  {
    claim: "a cycle is named",
    sources: { "base/a.ts": `import { b } from "./b.js";\nexport const a = b;`, "base/b.ts": `import { a } from "./a.js";\nexport const b = a;` },
    breach: /^cycle: base\/a\.ts → base\/b\.ts → base\/a\.ts$/,
  },
  {
    claim: "a cycle inside ops/ is allowed",
    sources: { "ops/a.ts": `import { b } from "./b.js";\nexport const a = () => b;`, "ops/b.ts": `import { a } from "./a.js";\nexport const b = () => a;` },
    breach: null,
  },
  {
    claim: "a cycle of types is allowed",
    sources: { "base/a.ts": `import type { B } from "./b.js";\nexport type A = B;`, "base/b.ts": `import type { A } from "./a.js";\nexport type B = A;` },
    breach: null,
  },
  { claim: "a platform global is seen", sources: { "nn/a.ts": "export const a = () => process.stdout;" }, breach: /^nn\/a\.ts uses process/ },
  { claim: "a platform global through globalThis is seen", sources: { "nn/a.ts": "export const a = () => globalThis.fetch;" }, breach: /^nn\/a\.ts uses fetch/ },
  {
    claim: "comments, texts, types, properties and parameters of that name are no globals",
    sources: { "nn/a.ts": `// window\nexport const a = (window: { process: WebAssembly.Module }): string => window.process + "fetch";` },
    breach: null,
  },
  { claim: "runtime/ may use the platform", sources: { "runtime/a.ts": "export const a = () => navigator.gpu;" }, breach: null },
  {
    claim: "a heavy package is not reachable from the library",
    sources: { "index.ts": `export { a } from "./data/a.js";`, "data/a.ts": `import { decode } from "fast-png";\nexport const a = decode;` },
    breach: /^data\/a\.ts imports fast-png and is reachable from index\.ts/,
  },
  { claim: "the command may use packages", sources: { "cli/a.ts": `import { decode } from "fast-png";\nexport const a = decode;` }, breach: null },
  {
    claim: "node: modules are reachable only when a call asks for them",
    sources: { "index.ts": `export { a } from "./data/a.js";`, "data/a.ts": `import "node:fs";\nexport const a = () => import("node:path");` },
    breach: /^data\/a\.ts imports node:fs and is reachable from index\.ts/,
  },
  {
    claim: "what runs saved programs needs no ops",
    sources: { "run.ts": `export { a } from "./ops/a.js";`, "ops/a.ts": "export const a = 1;" },
    breach: /^run\.ts \(run\) imports ops\/a\.ts/,
  },
];

describe("the checker", () => {
  for (const { claim, sources, breach } of EXAMPLES) {
    test(claim, () => {
      const found = breaches(new Map(Object.entries(sources)));
      expect(found).toEqual(breach === null ? [] : [expect.stringMatching(breach)]);
    });
  }
});
