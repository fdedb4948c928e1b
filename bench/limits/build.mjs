// Compiles the loops of source.mjs, unless that has been done.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { limitsSource } from "./source.mjs";

const folder = new URL("./build/", import.meta.url);

/** The path of the module, "simd" or "relaxed". */
export async function buildLimits(variant) {
  const source = limitsSource(variant === "relaxed");
  const paths = ["source", "wasm"].map((ending) => new URL(`limits.${variant}.${ending}`, folder));
  const [kept, module] = paths;
  if (existsSync(module) && existsSync(kept) && readFileSync(kept, "utf8") === source) return module.pathname;
  mkdirSync(folder, { recursive: true });
  const { default: asc } = await import("assemblyscript/asc");
  const features = ["--enable", "simd", ...(variant === "relaxed" ? ["--enable", "relaxed-simd"] : [])];
  const { error, stderr } = await asc.main(["limits.ts", "-O3", "--runtime", "stub", "--initialMemory", "1", "--importMemory", "--lowMemoryLimit", "0", "--maximumMemory", "65536", "--config", "none", ...features, "-o", "limits.wasm"], {
    readFile: (name) => (name === "limits.ts" ? source : null),
    writeFile: (_name, contents) => writeFileSync(module, contents),
  });
  if (error) throw new Error(`bench: the loops that show the machine's limits do not compile: ${stderr.toString()}`);
  writeFileSync(kept, source);
  return module.pathname;
}
