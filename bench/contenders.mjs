// Who takes part: edgegrad in the variants asked for, the peers, the machine's limits. A contender is a command and its environment.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { buildLimits } from "./limits/build.mjs";

/** The path of a file of the bench. */
export function script(path) {
  return fileURLToPath(new URL(path, import.meta.url));
}

/** name → its file, the package that must be there, whether it can run on several threads under Node, what it sets for that. */
export const PEERS = {
  "tfjs-wasm": { file: "peers/tfjs.mjs", package: "@tensorflow/tfjs-backend-wasm", threads: false },
  "ort-web": { file: "peers/ort.mjs", package: "onnxruntime-web", threads: true },
  "jax-js": { file: "peers/jax.mjs", package: "@jax-js/jax", threads: false },
  "onnxruntime-node": { file: "peers/ort.mjs", package: "onnxruntime-node", threads: true, env: { NATIVE: "1" } },
  torch: { file: "peers/pytorch.py", threads: true, env: { GOMP_SPINCOUNT: "0" } },
};

/** Native code, which no page can run: shown, but not among the WebAssembly engines. */
export const NATIVE_PEERS = ["onnxruntime-node", "torch"];

/** Under Node 20 and 21 relaxed SIMD is behind a flag; later versions do not know the flag. */
const RELAXED_FLAG = "--experimental-wasm-relaxed-simd";

/** What the options come to on this machine: the Node to measure, its version, a Python with torch, the modules of limits. */
export async function findMachine({ node, peers, numerics, dist }) {
  const version = execFileSync(node, ["--version"], { encoding: "utf8" }).trim();
  const major = Number(version.slice(1).split(".")[0]);
  return {
    node,
    version,
    major,
    edgegrad: pathToFileURL(entryOf(dist)).href,
    python: peers.includes("torch") ? findPython() : undefined,
    limits: Object.fromEntries(await Promise.all(numerics.map(async (each) => [each, await buildLimits(each === "fast" ? "relaxed" : "simd")]))),
  };
}

/** What Node gets of a built edgegrad: its bundle, where it was built with one. */
function entryOf(dist) {
  const bundle = join(dist, "bundle", "node", "index.js");
  return existsSync(bundle) ? bundle : join(dist, "index.js");
}

/** The contenders of a job: { contender, threads, numerics, command, env } each, or { contender, threads, error } where one cannot take part. */
export function contendersFor(job, { threads, numerics, peers }, machine) {
  const own = threads.flatMap((count) =>
    numerics.map((each) => ({
      contender: "edgegrad",
      threads: count,
      numerics: each,
      command: nodeCommand(machine, "edgegrad.mjs", each),
      env: { EDGEGRAD: machine.edgegrad, NUMERICS: each, THREADS: String(count) },
    })),
  );
  const others = peers.filter((name) => job.peers?.includes(name) ?? true).flatMap((name) => threads.flatMap((count) => peer(name, count, machine)));
  if (job.kind === "limit") return limitsOf(job.limit === "cores" ? ["gemm", "cores"] : [job.limit], { threads, numerics }, machine);
  const limits = [...job.limits, ...(job.limits.length > 0 && Math.max(...threads) > 1 ? ["cores"] : [])];
  return [...own, ...others, ...limitsOf(limits, { threads, numerics }, machine)];
}

function peer(name, threads, machine) {
  const { file, package: needed, threads: canThread, env } = PEERS[name];
  const place = { contender: name, threads, numerics: null };
  if (threads > 1 && !canThread) return [{ ...place, error: "has no threads under Node" }];
  if (needed && !existsSync(script(`peers/node_modules/${needed}`))) return [{ ...place, error: "is not installed: npm ci --prefix bench/peers" }];
  if (!needed && machine.python === undefined) return [{ ...place, error: "is not installed: no python3 here imports torch" }];
  const command = needed ? nodeCommand(machine, file) : [machine.python, script(file)];
  return [{ ...place, command, env: { ...env, THREADS: String(threads) } }];
}

function limitsOf(names, { threads, numerics }, machine) {
  return names.flatMap((name) => {
    // Memory and cores give the same, whatever the instructions.
    const variants = name === "gemm" ? numerics : [numerics.includes("reproducible") ? "reproducible" : numerics[0]];
    const count = name === "cores" ? Math.max(2, ...threads) : 1;
    return variants.map((each) => ({
      contender: `limit:${name}`,
      threads: count,
      numerics: each,
      command: nodeCommand(machine, "limits/contender.mjs", each),
      env: { LIMIT: name, THREADS: String(count), MODULE: machine.limits[each] },
    }));
  });
}

export function nodeCommand({ node, major }, file, numerics) {
  return [node, ...(numerics === "fast" && major < 22 ? [RELAXED_FLAG] : []), script(file)];
}

/** Debian's python3 has Debian's torch; another may come first on the path. */
function findPython() {
  return ["/usr/bin/python3", "python3"].find((python) => {
    try {
      execFileSync(python, ["-c", "import torch, numpy"], { stdio: "ignore" });
      return true;
    } catch {
      return false;
    }
  });
}
