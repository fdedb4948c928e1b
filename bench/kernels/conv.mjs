// f32_conv2d and its gradients: LeNet's layers at batch 128, 3×3 layers, an RGB first layer. node bench/kernels/conv.mjs [simd|relaxed]
// 3×3 layers also by Winograd's kernels; the row a compiler would choose is marked, for "reproducible" with *, for "fast" with +. Figures count the
// multiply-adds of the sum itself. A third argument leaves only layers whose names contain it.
import { depthwiseBackWords, depthwiseWords, tapBytes, turnedSizes, winogradBlocks, winogradWords } from "../../dist/ops/convolution.js";
import {
  conv2dGradFilterWorkspace, conv2dGradInputWorkspace, conv2dWorkspace, winogradGradFilterWorkspace, winogradWorkspace,
} from "../../dist/program/workspace.js"; // prettier-ignore
import { allocator, fill, limitOfOneCore, loadKernels, measure, report } from "./harness.mjs";

const LAYERS = {
  "LeNet 1: 28x28x1 5x5x6 b128": square({ n: 128, h: 28, c: 1, kh: 5, o: 6, pad: 2 }),
  "LeNet 2: 14x14x6 5x5x16 b128": square({ n: 128, h: 14, c: 6, kh: 5, o: 16 }),
  "28x28x64 3x3x64 b32": square({ n: 32, h: 28, c: 64, kh: 3, o: 64, pad: 1 }),
  "14x14x16 3x3x32 b128": square({ n: 128, h: 14, c: 16, kh: 3, o: 32, pad: 1 }),
  "14x14x32 3x3x32 b128": square({ n: 128, h: 14, c: 32, kh: 3, o: 32, pad: 1 }),
  "28x28x16 3x3x32 stride 2 b32": square({ n: 32, h: 28, c: 16, kh: 3, o: 32, pad: 1, stride: 2 }),
  "14x14x256 3x3x256 b4": square({ n: 4, h: 14, c: 256, kh: 3, o: 256, pad: 1 }),
  "112x112x3 3x3x32 b4": square({ n: 4, h: 112, c: 3, kh: 3, o: 32, pad: 1 }),
  "28x28x64 3x3x64 b32, groups of 8": square({ n: 32, h: 28, c: 64, kh: 3, o: 64, pad: 1, groups: 8 }),
  "28x28x64 3x3 depthwise b32": square({ n: 32, h: 28, c: 64, kh: 3, o: 64, pad: 1, groups: 64 }),
};
const DIRECT = [
  { label: "forward", kernel: "f32_conv2d", workspace: conv2dWorkspace, operands: ["y", "x", "w"] },
  { label: "dw", kernel: "f32_conv2d_grad_filter", workspace: conv2dGradFilterWorkspace, operands: ["w", "x", "y"] },
  { label: "dx", kernel: "f32_conv2d_grad_input", workspace: conv2dGradInputWorkspace, operands: ["x", "y", "w"] },
];
const DEPTHWISE = [
  { label: "forward", kernel: "f32_depthwise_conv2d", workspace: tapBytes, operands: ["y", "x", "w"], words: depthwiseWords },
  { label: "dw", kernel: "f32_depthwise_conv2d_grad_filter", workspace: () => 0, operands: ["w", "x", "y"], words: depthwiseWords },
  { label: "dx", kernel: "f32_depthwise_conv2d", workspace: tapBytes, operands: ["x", "y", "w"], words: depthwiseBackWords },
];

/** Winograd's kernels in tiles of a size: each in blocks as the compiler cuts them. */
function winograd(tile) {
  const blocks = (sizes) => ({ blockTiles: 48, ...winogradBlocks(sizes, { numerics: tile === 2 ? "reproducible" : "fast" }), tile });
  const chosen = (sizes) => [["reproducible", "*"], ["fast", "+"]].map(([numerics, mark]) => (winogradBlocks(sizes, { numerics })?.tile === tile ? mark : "")).join("");
  const row = (label, operands, kernel, workspace, of, rest, first = 0) => ({
    label: (sizes) => `${label} F${tile}${chosen(of(sizes))}`, operands, kernel, first: first || (() => 0),
    workspace: (sizes) => workspace(of(sizes), blocks(of(sizes))),
    words: (sizes) => [...winogradWords(of(sizes)), ...rest(sizes), blocks(of(sizes)).blockTiles],
  });
  const kernel = `f32_winograd${tile}`;
  return [
    row("forward", ["y", "x", "w"], kernel, winogradWorkspace, (s) => s, ({ c, o }) => [3 * c * o, c * o, o, 1, 0]),
    row("dw", ["w", "x", "y"], `${kernel}_grad_filter`, winogradGradFilterWorkspace, (s) => s, () => []),
    row("dx", ["x", "y", "w"], kernel, winogradWorkspace, turnedSizes, ({ c, o }) => [-3 * c * o, -c * o, 1, o, 0], ({ c, o }) => 32 * c * o),
  ];
}

const [variant = "simd", only = ""] = process.argv.slice(2);
const { memory, kernels } = await loadKernels(variant, 256 << 20);
/** Behind the range of units: more than there are. */
const words = new Uint32Array(memory.buffer, 32768 - 128, 22);
new Uint32Array(memory.buffer, 32768 - 128 - 8, 2).set([0, 1 << 20]);

const layers = Object.entries(LAYERS).filter(([layer]) => layer.includes(only));
const rows = ({ kh, strideH, c, o, groups }) => {
  if (groups > 1) return groups === c ? DEPTHWISE : DIRECT;
  return kh === 3 && strideH === 1 && Math.min(c, o) >= 8 ? [...DIRECT, ...winograd(2), ...winograd(4)] : DIRECT;
};
const jobs = layers.flatMap(([layer, sizes]) => rows(sizes).map((row) => job(layer, sizes, row)));
report(`convolution ${variant}`, measure(jobs), await limitOfOneCore(variant));

function square({ n, h, c, kh, o, pad = 0, stride = 1, groups = 1 }) {
  const oh = Math.floor((h + 2 * pad - kh) / stride) + 1;
  return { n, h, w: h, c, kh, kw: kh, o, oh, ow: oh, strideH: stride, strideW: stride, padTop: pad, padLeft: pad, dilationH: 1, dilationW: 1, groups };
}

function job(layer, sizes, { label, kernel, workspace, operands, words: own = Object.values, first: skipped = () => 0 }) {
  const { n, h, w, c, kh, kw, o, oh, ow, strideH: stride, padTop: pad, groups } = sizes;
  const counts = { x: n * h * w * c, w: (kh * kw * c * o) / groups, y: n * oh * ow * o };
  const take = allocator();
  const addresses = operands.map((name) => take(4 * counts[name]));
  const data = Object.fromEntries(operands.map((name, i) => [name, new Float32Array(memory.buffer, addresses[i], counts[name])]));
  const list = [...addresses.map((at, i) => (i === 2 ? at + skipped(sizes) : at)), 0, take(workspace(sizes)), ...own(sizes), 0];
  const [out, first, second] = operands.map((name) => data[name]);
  return {
    name: `${layer} ${typeof label === "string" ? label : label(sizes)}`,
    flops: (2 * counts.y * kh * kw * c) / groups,
    change(round) {
      fill(first, 2 * round + 1);
      fill(second, 2 * round + 2);
      words.set(list);
    },
    run: () => kernels[kernel](words.byteOffset),
    check() {
      this.change(99);
      this.run();
      for (const at of [0, out.length >> 1, out.length - 1]) {
        const expected = element(at);
        // Sums of up to 100,000 products below 1/4, added in blocks: far inside 1e-3; a wrong tap is off by more than 1e-2.
        if (!(Math.abs(expected - out[at]) < 1e-3)) throw new Error(`${this.name}[${at}]: expected ${expected}, got ${out[at]}`);
      }
    },
  };

  /** One element of out in float64: the sum over all (pixel, tap, channels) that touch it. */
  function element(at) {
    const channels = c / groups;
    const fixed = { y: [n, oh, ow, o], x: [n, h, w, c], w: [kh, kw, channels, o] }[operands[0]];
    const index = fixed.map((_, axis) => Math.floor(at / fixed.slice(axis + 1).reduce((p, d) => p * d, 1)) % fixed[axis]);
    const range = (value, size) => (value === undefined ? Array.from({ length: size }, (_, i) => i) : [value]);
    const is = (name, axis) => (operands[0] === name ? index[axis] : undefined);
    let sum = 0;
    for (const i of range(is("y", 0) ?? is("x", 0), n)) for (const py of range(is("y", 1), oh)) for (const px of range(is("y", 2), ow)) {
      for (const ky of range(is("w", 0), kh)) for (const kx of range(is("w", 1), kw)) {
        const iy = py * stride - pad + ky, ix = px * stride - pad + kx;
        if (iy < 0 || iy >= h || ix < 0 || ix >= w) continue;
        if (is("x", 1) !== undefined && (iy !== index[1] || ix !== index[2])) continue;
        for (const q of range(is("y", 3) ?? is("w", 3), o)) for (const z of range(is("w", 2), channels)) {
          const channel = Math.floor((q * groups) / o) * channels + z;
          if (channel !== (is("x", 3) ?? channel)) continue;
          const x = data.x[((i * h + iy) * w + ix) * c + channel], f = data.w[((ky * kw + kx) * channels + z) * o + q], g = data.y[((i * oh + py) * ow + px) * o + q];
          sum += operands[0] === "y" ? x * f : operands[0] === "w" ? x * g : f * g;
        }
      }
    }
    return sum;
  }
}
