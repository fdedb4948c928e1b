// What edgegrad is to reach, as a table: each row asks one thing of some jobs, and is judged by the lines of one run.
import { NATIVE_PEERS, PEERS } from "./contenders.mjs";
import { GROUPS } from "./jobs.mjs";

const PRODUCTS = ["matmul:512x512x512", "matmul:128x512x784", "matmul:784x512x128:TA"];
const SMALL_PRODUCTS = ["matmul:64x64x64", "matmul:1x512x784", "matmul:128x10x512"];
const CONVOLUTION = "conv3x3:b32";
const WASM_PEERS = Object.keys(PEERS).filter((name) => !NATIVE_PEERS.includes(name));

/** Measures that hold own times against others': what a miss of those would take of the machine can be said. */
const RACES = new Set();

/** { jobs, ask, fast: with such numerics, measure: (line, job, own line) => number or undefined, least | most: a number, or one a major version of Node } */
const TARGETS = [
  { jobs: PRODUCTS, ask: "share of limit:gemm", measure: ofLimit, least: { 20: 0.63, 24: 0.75 } },
  { jobs: PRODUCTS, ask: "share of limit:gemm", fast: true, measure: ofLimit, least: { 20: 0.83, 24: 0.88 } },
  { jobs: PRODUCTS, ask: "times as fast as the faster of ort-web and tfjs-wasm", measure: against(["ort-web", "tfjs-wasm"]), least: 1.25 },
  { jobs: PRODUCTS, ask: "times as fast as the faster of ort-web and tfjs-wasm", fast: true, measure: against(["ort-web", "tfjs-wasm"]), least: 1.6 },
  { jobs: SMALL_PRODUCTS, ask: "times as fast as the fastest WebAssembly peer", measure: against(WASM_PEERS), least: 1.3 },
  { jobs: [CONVOLUTION], ask: "times as fast as tfjs-wasm", measure: against(["tfjs-wasm"]), least: 2 },
  { jobs: [CONVOLUTION], ask: "direct products a second, share of limit:gemm", measure: ofLimit, least: 1 },
  { jobs: [CONVOLUTION], ask: "times as fast as torch", fast: true, measure: against(["torch"]), least: 1.3 },
  { jobs: [`${CONVOLUTION}:train`], ask: "share of torch's time", measure: timeOf("torch"), most: 1.3 },
  { jobs: ["softmax:1024x1024"], ask: "share of torch's time", measure: timeOf("torch"), most: 1.9 },
  { jobs: ["softmax:1024x1024"], ask: "share of ort-web's time", measure: timeOf("ort-web"), most: 1 },
  { jobs: ["layernorm:1024x1024"], ask: "share of torch's time", measure: timeOf("torch"), most: 1.2 },
  { jobs: ["layernorm:1024x1024"], ask: "times as fast as ort-web", measure: against(["ort-web"]), least: 8 },
  { jobs: ["gelu:1024x1024"], ask: "times as fast as ort-web", measure: against(["ort-web"]), least: 1.7 },
  { jobs: ["chain:1M"], ask: "time per byte, share of limit:triad's", measure: (line, job, own) => over(line(job, "limit:triad")?.gbps, own?.gbps), most: 1.3 },
  { jobs: ["chain:1M"], ask: "times as fast as tfjs-wasm", measure: against(["tfjs-wasm"]), least: 2.5 },
  { jobs: ["train:mlp"], ask: "share of torch's time", measure: timeOf("torch"), most: 1.9 },
  { jobs: ["train:mlp"], ask: "share of torch's time", fast: true, measure: timeOf("torch"), most: 1.5 },
  { jobs: ["train:mlp"], ask: "times as fast as tfjs-wasm", measure: against(["tfjs-wasm"]), least: 18 },
  { jobs: ["train:mlp"], ask: "times as fast as jax-js", measure: against(["jax-js"]), least: 3 },
  { jobs: ["train:mlp"], ask: "gain by 2 threads, share of limit:cores", measure: gainByThreads, least: 0.9 },
  { jobs: ["train:lenet"], ask: "share of torch's time", measure: timeOf("torch"), most: 0.5 },
  { jobs: ["train:lenet"], ask: "times as fast as jax-js", measure: against(["jax-js"]), least: 120 },
  { jobs: ["infer:lenet:1"], ask: "times as fast as ort-web", measure: against(["ort-web"]), least: 1.3 },
  { jobs: ["infer:mlp:1"], ask: "times as fast as ort-web", measure: against(["ort-web"]), least: 1.1 },
  { jobs: ["infer:lenet:64"], ask: "times as fast as ort-web", measure: against(["ort-web"]), least: 2.5 },
  { jobs: ["cold:mlp"], ask: "ms, by edgegrad/run", measure: (line, job) => line(job, "edgegrad/run")?.ms, most: 20 },
  { jobs: GROUPS.scale, ask: "GFLOP/s, share of the best of these", measure: (line, job, own) => over(own?.gflops, bestOf(GROUPS.scale.map((each) => line(each)?.gflops))), least: 0.8 },
];

/**
 * The targets with what a run measured: rows of a table. `needs` is what a missed race would take, in operations or bytes a second, and how much of what the machine can do
 * that is: more than all of it cannot be had there.
 */
export function judge({ lines, node }) {
  const major = Number(node.slice(1).split(".")[0]);
  const line = (name, contender = "edgegrad", { threads = 1, numerics = "reproducible" } = {}) =>
    lines.find((each) => each.job === name && each.contender === contender && each.threads === threads && each.ms !== undefined && [null, numerics].includes(each.numerics));
  return TARGETS.flatMap(({ jobs, ask, fast, measure, least, most }) =>
    jobs.map((job) => {
      const asked = boundOf(least ?? most, major);
      const own = line(job, "edgegrad", fast ? { numerics: "fast" } : {});
      const measured = measure(line, job, own);
      const missing = measured === undefined ? undefined : least === undefined ? measured / asked : asked / measured;
      return {
        job: fast ? `${job}, fast` : job,
        asked: `${ask} ${least === undefined ? "≤" : "≥"} ${asked}`,
        measured: measured === undefined ? "" : measured.toPrecision(3),
        result: missing === undefined ? "not shown" : missing <= 1 ? "holds" : `misses, ${missing.toFixed(2)} times off`,
        needs: missing > 1 && RACES.has(measure) && own.ofLimit !== undefined ? needed(job, fast, own, missing) : "",
      };
    }),
  );
}

/** Winograd's way takes fewer products than the direct sums that are counted: 4 of 9 by squares of 2×2 results, 1 of 4 by squares of 4×4. */
function needed(job, fast, own, missing) {
  if (own.gflops === undefined) return `${(own.gbps * missing).toFixed(1)} GB/s, ${(own.ofLimit * missing).toFixed(2)} of what memory gives`;
  const saving = job.startsWith(CONVOLUTION) ? (fast ? 4 : 2.25) : 1;
  return `${(own.gflops * missing).toFixed(1)} GFLOP/s, ${((own.ofLimit * missing) / saving).toFixed(2)} of what a core can do`;
}

/** Versions between two of the table are held to the older's. */
function boundOf(bound, major) {
  if (typeof bound === "number") return bound;
  const versions = Object.keys(bound).map(Number);
  return bound[Math.max(...versions.filter((version) => version <= major), versions[0])];
}

function ofLimit(line, job, own) {
  return own?.ofLimit;
}

/** How many times as long the fastest of the peers takes. All of them must have run: the one that is missing may be it. */
function against(peers) {
  return race((line, job, own) => {
    const others = peers.map((peer) => line(job, peer)?.ms);
    return others.includes(undefined) ? undefined : over(Math.min(...others), own?.ms);
  });
}

function timeOf(peer) {
  return race((line, job, own) => over(own?.ms, line(job, peer)?.ms));
}

function race(measure) {
  RACES.add(measure);
  return measure;
}

/** What two threads give over one, by what two cores give over one at a loop that needs nothing but registers. */
function gainByThreads(line, job, own) {
  const gain = over(own?.ms, line(job, "edgegrad", { threads: 2 })?.ms);
  return over(gain, over(line(job, "limit:cores", { threads: 2 })?.gflops, line(job, "limit:gemm")?.gflops));
}

function over(x, y) {
  return x === undefined || y === undefined ? undefined : x / y;
}

function bestOf(list) {
  const known = list.filter((each) => each !== undefined);
  return known.length > 0 ? Math.max(...known) : undefined;
}
