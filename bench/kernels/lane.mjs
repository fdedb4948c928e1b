// Convolutions with images in lanes against those over rows, in the same rounds: node bench/kernels/lane.mjs [simd|relaxed] [part of a layer's name]
// "sum" is the plain sum in lanes, "pairs" Winograd's algorithm along the rows; * marks what the compiler chooses. Figures count the multiply-adds of the plain sum.
import {
  bandRows, byPairs, filterByPairs, inputByPairs, laneConv2dWorkspace, laneGradFilterWorkspace, laneGradInputWorkspace, laneWords, partsOf,
} from "../../dist/ops/laneConvolution.js"; // prettier-ignore
import { prefersLanes } from "../../dist/compile/layout.js";
import { convWords } from "../../dist/ops/convolution.js";
import { conv2dGradFilterWorkspace, conv2dGradInputWorkspace, conv2dWorkspace } from "../../dist/program/workspace.js";
import { allocator, fill, limitOfOneCore, loadKernels, measure, report } from "./harness.mjs";

const LAYERS = {
  "LeNet 1: 28x28x1 5x5x6 b128": square({ n: 128, h: 28, c: 1, kh: 5, o: 6, pad: 2 }),
  "LeNet 2: 14x14x6 5x5x16 b128": square({ n: 128, h: 14, c: 6, kh: 5, o: 16 }),
  "28x28x1 5x5x16 b128": square({ n: 128, h: 28, c: 1, kh: 5, o: 16, pad: 2 }),
  "32x32x3 3x3x32 b64": square({ n: 64, h: 32, c: 3, kh: 3, o: 32, pad: 1 }),
  "14x14x32 5x5x64 b32": square({ n: 32, h: 14, c: 32, kh: 5, o: 64, pad: 2 }),
  "28x28x16 3x3x32 stride 2 b32": square({ n: 32, h: 28, c: 16, kh: 3, o: 32, pad: 1, stride: 2 }),
};

const [variant = "simd", only = ""] = process.argv.slice(2);
const { memory, kernels } = await loadKernels(variant, 256 << 20);
const words = new Uint32Array(memory.buffer, 32768 - 128, 24);
/** More units than there are. */
new Uint32Array(memory.buffer, 32768 - 128 - 8, 2).set([0, 1 << 20]);

const jobs = Object.entries(LAYERS).filter(([layer]) => layer.includes(only)).flatMap(([layer, sizes]) => jobsOf(layer, sizes));
report(`convolution in lanes ${variant}`, measure(jobs), await limitOfOneCore());

function square({ n, h, c, kh, o, pad = 0, stride = 1 }) {
  const oh = Math.floor((h + 2 * pad - kh) / stride) + 1;
  return { n, h, w: h, c, kh, kw: kh, o, oh, ow: oh, strideH: stride, strideW: stride, padTop: pad, padLeft: pad, dilationH: 1, dilationW: 1, groups: 1 };
}

function jobsOf(layer, sizes) {
  const { n, h, w, c, kh, kw, o, oh, ow } = sizes;
  const lanes = { ...sizes, n: n / 8 };
  const parts = partsOf(lanes.n);
  const counts = { x: n * h * w * c, w: kh * kw * c * o, y: n * oh * ow * o };
  const take = allocator();
  const tensor = (count) => new Float32Array(memory.buffer, take(4 * count), count);
  const [x, filter, dy, y, dx, dw] = [counts.x, counts.w, counts.y, counts.y, counts.x, counts.w].map(tensor);
  const [xLanes, dyLanes, yLanes, dxLanes, dwParts, row, value, winners] = [counts.x, counts.y, counts.y, counts.x, parts * counts.w, Math.max(counts.x, counts.y), counts.y, counts.y].map(tensor);
  const workspace = take(
    Math.max(
      conv2dWorkspace(sizes), conv2dGradFilterWorkspace(sizes), conv2dGradInputWorkspace(sizes),
      ...[true, false].flatMap((pooled) => [laneConv2dWorkspace(lanes, pooled), laneGradFilterWorkspace(lanes, pooled), laneGradInputWorkspace(lanes, pooled)]),
    ) + (16 << 20), // prettier-ignore
  );
  const call = (kernel, list) => {
    words.set(list);
    kernels[kernel](words.byteOffset);
  };
  const at = (tensor) => tensor.byteOffset;
  const toLanes = (from, to) => call("to_lanes", [at(to), at(from), n, from.length / n]);
  const near = (name, got, expected) => {
    // Sums of up to 100,000 products below 1/4 in other orders; a wrong tap is off by more than 1e-2.
    expected.forEach((value, i) => {
      if (!(Math.abs(value - got[i]) < 2e-3)) throw new Error(`${name}[${i}]: expected ${value}, got ${got[i]}`);
    });
  };
  const fromLanes = (from) => {
    call("from_lanes", [at(row), at(from), n, from.length / n]);
    return row.subarray(0, from.length);
  };
  const [forward, byRow] = [[at(yLanes), at(xLanes), at(filter), 0, workspace, ...laneWords(lanes)], [...convWords(sizes), 0]];
  const plainY = () => call("f32_conv2d", [at(y), at(x), at(filter), 0, workspace, ...byRow]);
  const plainDw = () => call("f32_conv2d_grad_filter", [at(dw), at(x), at(dy), 0, workspace, ...byRow]);
  const plainDx = () => call("f32_conv2d_grad_input", [at(dx), at(dy), at(filter), 0, workspace, ...byRow]);
  const job = (label, run, check = () => {}) => ({
    name: `${layer} ${label}`,
    flops: 2 * counts.y * kh * kw * c,
    change(round) {
      [x, filter, dy].forEach((data, i) => fill(data, 3 * round + i));
      toLanes(x, xLanes);
      toLanes(dy, dyLanes);
    },
    run,
    check() {
      this.change(99);
      run();
      check();
    },
  });
  const chosen = (rule, pairs) => `${pairs ? "pairs" : "sum"}${prefersLanes(sizes) && rule(lanes) === pairs ? " *" : ""}`;
  const ways = sizes.strideH === 1 && kw > 1 ? [false, true] : [false];
  const pooledTo = at(value);
  return [
    job("forward rows", plainY),
    ...ways.map((pairs) =>
      job(`forward ${chosen(byPairs, pairs)}`, () => call("f32_lane_conv2d", [...forward, 0, 0, 0, Number(pairs)]), () => {
        plainY();
        near("y", fromLanes(yLanes), y);
      }),
    ),
    job("forward, relu, pooled", () => call("f32_lane_conv2d", [pooledTo, ...forward.slice(1), 1, 1, at(winners), Number(byPairs(lanes))])),
    job("dw rows", plainDw),
    ...ways.map((pairs) =>
      job(
        `dw ${chosen(filterByPairs, pairs)}`,
        () => call("f32_lane_conv2d_grad_filter", [at(dwParts), at(xLanes), at(dyLanes), n, workspace, ...laneWords(lanes), parts, Number(pairs), bandRows(lanes), 0]),
        () => {
          plainDw();
          near("dw", dw.map((_, i) => Array.from({ length: parts }, (_, p) => dwParts[p * dw.length + i]).reduce((sum, part) => sum + part)), dw);
        },
      ),
    ),
    ...(c < 3 ? [] : [
      job("dx rows", plainDx),
      ...ways.map((pairs) =>
        job(`dx ${chosen(inputByPairs, pairs)}`, () => call("f32_lane_conv2d_grad_input", [at(dxLanes), at(dyLanes), at(filter), 0, workspace, ...laneWords(lanes), Number(pairs), 0]), () => {
          plainDx();
          near("dx", fromLanes(dxLanes), dx);
        }),
      ),
    ]),
    job("x to lanes and back", () => {
      toLanes(x, xLanes);
      fromLanes(xLanes);
    }),
  ]; // prettier-ignore
}
