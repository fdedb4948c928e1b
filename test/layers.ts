// The import rule: which folder of src/ may import which, checked on sources given as text.
// esbuild drops the types and the comments first, so what is left of imports and globals is what runs.
import { posix } from "node:path";
import { transformSync } from "esbuild";

/** Sources by path, relative to src/: "ops/add.ts". */
export type Sources = ReadonlyMap<string, string>;

interface Imports {
  /** Paths of our own files, and names of packages. */
  readonly values: readonly string[];
  /** The part of `values` that is imported when a call asks for it: import("…"). */
  readonly lazy: readonly string[];
  readonly types: readonly string[];
  readonly globals: readonly string[];
}

const RANK: Readonly<Record<string, number>> = {
  base: 0, graph: 1, program: 1, formats: 1, ops: 2, compile: 3, runtime: 3, engine: 4, data: 5, nn: 6, inspect: 7, io: 7, index: 8, run: 8, cli: 8,
};

/** Folders a folder may import values from, besides its own. A file that lies in src/ itself is a folder of its own name. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  base: [],
  graph: ["base"],
  program: ["base"],
  formats: ["base"],
  ops: ["base", "graph", "program"],
  compile: ["base", "graph", "program", "formats", "ops"],
  runtime: ["base", "program"],
  engine: ["base", "graph", "program", "formats", "ops", "compile", "runtime"],
  data: ["base", "formats", "engine"],
  inspect: ["base", "graph", "program", "ops", "compile", "engine"],
  nn: ["base", "graph", "program", "formats", "ops", "engine", "data"],
  io: ["base", "graph", "program", "formats", "ops", "compile", "runtime", "engine", "data", "nn"],
  index: ["base", "graph", "program", "formats", "ops", "compile", "runtime", "engine", "data", "inspect", "nn", "io"],
  run: ["base", "program", "formats", "runtime"],
  methods: ["base", "ops", "engine"],
  cli: ["base", "graph", "program", "formats", "ops", "compile", "runtime", "engine", "data", "inspect", "nn", "io", "index", "run"],
};

const PLATFORM_GLOBALS = ["process", "navigator", "Worker", "WebAssembly", "GPUDevice", "fetch", "document", "window", "Deno", "Bun", "localStorage", "indexedDB"];
const MAY_USE_PLATFORM = ["runtime/", "data/", "io/", "cli/", "base/debug.ts"];

/** What users of the library load: only these packages may be reachable from it, and node: modules only by import("…"). */
const ENTRIES = ["index.ts", "methods.ts", "run.ts"];
const ENTRY_PACKAGES = ["@assemblyscript/loader"];
/** Parsers of file formats: loaded when such a file is read, never at the start. */
const LAZY_PACKAGES = ["fast-png", "jpeg-js", "papaparse"];

/** Every breach of the import rule, one sentence each; [] when all is well. */
export function breaches(sources: Sources): string[] {
  const files = new Map([...sources].map(([path, source]) => [path, read(path, source)]));
  return [...rankBreaches(files), ...platformBreaches(files), ...cycleBreaches(files), ...entryBreaches(files)];
}

type Files = ReadonlyMap<string, Imports>;

function rankBreaches(files: Files): string[] {
  const found: string[] = [];
  for (const [path, { values, types }] of files) {
    const from = folderOf(path);
    const allowed = MAY_IMPORT[from];
    if (!allowed) {
      found.push(`${path}: folder "${from}" has no rank`);
      continue;
    }
    for (const target of values.filter(isOurs)) {
      const to = folderOf(target);
      if (!files.has(target)) found.push(`${path} imports ${target}, which does not exist`);
      else if (to !== from && !allowed.includes(to)) found.push(`${path} (${from}) imports ${target}: ${from} may import ${allowed.join(", ") || "nothing"}`);
    }
    for (const target of types.filter(isOurs)) {
      const to = folderOf(target);
      if ((RANK[to] ?? Infinity) > RANK[from]!) found.push(`${path} (${from}) imports types from ${target}, which has a higher rank`);
    }
  }
  return found;
}

function platformBreaches(files: Files): string[] {
  return [...files].flatMap(([path, { globals }]) =>
    MAY_USE_PLATFORM.some((allowed) => path.startsWith(allowed))
      ? []
      : globals.map((name) => `${path} uses ${name}: platform globals belong in ${MAY_USE_PLATFORM.join(", ")}`),
  );
}

/** Cycles of values, but for those inside ops/, where a gradient rule names other ops when it is called. */
function cycleBreaches(files: Files): string[] {
  const found: string[] = [];
  const state = new Map<string, "open" | "done">();
  const trail: string[] = [];
  const visit = (path: string): void => {
    state.set(path, "open");
    trail.push(path);
    for (const target of files.get(path)?.values ?? []) {
      if (!files.has(target) || (folderOf(path) === "ops" && folderOf(target) === "ops")) continue;
      if (state.get(target) === "open") found.push(`cycle: ${[...trail.slice(trail.indexOf(target)), target].join(" → ")}`);
      else if (!state.has(target)) visit(target);
    }
    trail.pop();
    state.set(path, "done");
  };
  for (const path of files.keys()) if (!state.has(path)) visit(path);
  return found;
}

function entryBreaches(files: Files): string[] {
  const found: string[] = [];
  for (const entry of ENTRIES.filter((path) => files.has(path))) {
    for (const path of reachable(files, entry)) {
      const { values, lazy } = files.get(path)!;
      for (const target of values.filter((name) => !isOurs(name))) {
        const allowed = target.startsWith("node:") || LAZY_PACKAGES.includes(target) ? lazy.includes(target) : ENTRY_PACKAGES.includes(target);
        if (!allowed) found.push(`${path} imports ${target} and is reachable from ${entry}, which may need ${ENTRY_PACKAGES.join(", ")} only`);
      }
    }
  }
  return found;
}

/** Every file that `entry` imports, itself included, however far down. */
function reachable(files: Files, entry: string): Set<string> {
  const seen = new Set([entry]);
  for (const path of seen) {
    for (const target of files.get(path)!.values) if (files.has(target)) seen.add(target);
  }
  return seen;
}

const IMPORT = /(?:^|\n)(?:import|export)\s(?:[^"';]*?\sfrom\s)?\s*"([^"\n]+)"/g;
const LAZY_IMPORT = /\bimport\(\s*"([^"\n]+)"\s*\)/g;
const TYPE_IMPORT = /(?:^|\n)(?:import|export)\s+type\s[^"';]*?\sfrom\s+"([^"\n]+)"/g;
const MARK = "__platform_";

function read(path: string, source: string): Imports {
  // Only free identifiers are replaced by `define`: a parameter or property of that name is left alone.
  const { code } = transformSync(source, {
    loader: "ts",
    target: "es2022",
    define: Object.fromEntries(PLATFORM_GLOBALS.flatMap((name) => [name, `globalThis.${name}`].map((spelling) => [spelling, MARK + name]))),
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
  });
  const names = (text: string, pattern: RegExp): string[] => Array.from(text.matchAll(pattern), ([, name]) => resolve(path, name!));
  const lazy = names(code, LAZY_IMPORT);
  return {
    values: [...names(code, IMPORT), ...lazy],
    lazy,
    types: names(source, TYPE_IMPORT),
    globals: PLATFORM_GLOBALS.filter((name) => new RegExp(`\\b${MARK}${name}\\b`).test(code)),
  };
}

function resolve(path: string, name: string): string {
  return name.startsWith(".") ? posix.join(posix.dirname(path), name).replace(/\.js$/, ".ts") : name;
}

function isOurs(name: string): boolean {
  return name.endsWith(".ts");
}

function folderOf(path: string): string {
  return path.split("/")[0]!.replace(/\.ts$/, "");
}
