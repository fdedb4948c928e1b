// What a golden case calls: from its group, its call and its attributes to edgegrad's public functions. The cases follow PyTorch (channels after the batch,
// filters [out, in / groups, …]); here channels come last and filters are [… , in / groups, out].
import type { Tensor } from "../../src/engine/tensor.js";
import { evaluateFormulas } from "./expression.js";

export type Attributes = Readonly<Record<string, unknown>>;
export type Inputs = Readonly<Record<string, Tensor>>;
export type Outputs = Readonly<Record<string, Tensor>>;
export type Library = Readonly<Record<string, unknown>>;

export interface Context {
  readonly inputs: Inputs;
  readonly attrs: Attributes;
  readonly call: string;
  readonly library: Library;
  /** Names of the outputs. */
  readonly wanted: readonly string[];
}

/** A public function that is not there. */
export class MissingFunction extends Error {}

type Run = (context: Context) => Outputs;
type Fn = (...args: readonly unknown[]) => Tensor;

/** The function that runs a case, if there is one for its kind. Whether the library has what it needs shows when it runs. */
export function callOf({ kind, group, call }: { readonly kind: string; readonly group: string; readonly call: string }): Run | undefined {
  if (kind !== "op") return undefined;
  return CALLS.find((row) => row.group.test(group) && row.call.test(call))?.run;
}

function has({ library }: Context, name: string): boolean {
  return typeof library[name] === "function";
}

function get(context: Context, name: string): Fn {
  if (!has(context, name)) throw new MissingFunction(`${name} is not built`);
  return context.library[name] as Fn;
}

/** Functions that take part in every second mapping. */
function basics(context: Context): Record<"add" | "mul" | "div" | "reshape" | "transpose" | "mean", Fn> {
  const f = (name: string): Fn => get(context, name);
  return { add: f("add"), mul: f("mul"), div: f("div"), reshape: f("reshape"), transpose: f("transpose"), mean: f("mean") };
}

// --- names and attributes ---

/** Names that differ by more than spelling. */
const NAMES: Readonly<Record<string, string>> = {
  batchnorm: "batchNorm", cat: "concat", clamp: "clip", concatenate: "concat", fmod: "remainder", fullylinear: "linear", heaviside: "step", negative: "neg", permute: "transpose", power: "pow",
  square: "square", subtract: "sub", swish: "silu", truedivide: "div", unsqueeze: "expandDims", var: "variance",
};

/** The public name of a function as PyTorch writes it: log_softmax is logSoftmax, F.hardtanh hardTanh. */
function nameIn(library: Library, word: string): string {
  const bare = word.replaceAll("_", "").toLowerCase();
  return NAMES[bare] ?? Object.keys(library).find((name) => typeof library[name] === "function" && name.toLowerCase() === bare) ?? word;
}

/** The first word of a call, without its module: "F.glu(dim=-1): …" is glu. */
function wordOf(call: string): string {
  return /^(?:(?:F|torch|nn|x|functional)\.)*([A-Za-z_]\w*)/.exec(call)?.[1] ?? "";
}

function numbers(value: unknown): number[] {
  return (Array.isArray(value) ? value : [value]).map(Number);
}

/** A number an axis, from one number or a list. */
function each(value: unknown, rank: number, otherwise: number): number[] {
  const list = numbers(value ?? otherwise);
  return list.length === 1 ? Array.from({ length: rank }, () => list[0]!) : list;
}

/** The axis of the attributes, or of the text: "F.glu(dim=-1)", "logsumexp(1)", "cumsum". */
function axisOf({ attrs, call }: Context, otherwise = -1): number {
  const given = attrs["axis"] ?? attrs["dim"];
  if (given !== undefined) return Number(given);
  const told = /(?:dim|axis)\s*=\s*(-?\d+)/.exec(call) ?? /^\S*?\w\((-?\d+)\)/.exec(call);
  return told ? Number(told[1]) : otherwise;
}

function attr(attrs: Attributes, ...names: string[]): unknown {
  return names.map((name) => attrs[name]).find((value) => value !== undefined);
}

// --- layouts ---

/** [N, C, …] as [N, …, C]. */
function channelsLast(context: Context, x: Tensor): Tensor {
  return basics(context).transpose(x, [0, ...x.shape.slice(2).map((_, i) => i + 2), 1]);
}

/** [N, …, C] as [N, C, …]. */
function channelsFirst(context: Context, x: Tensor): Tensor {
  return basics(context).transpose(x, [0, x.shape.length - 1, ...x.shape.slice(2).map((_, i) => i + 1)]);
}

/** A vector of channels, to be used beside [N, C, …]. */
function alongChannels(context: Context, vector: Tensor, rank: number): Tensor {
  return basics(context).reshape(vector, [vector.shape[0]!, ...Array.from({ length: rank - 2 }, () => 1)]);
}

function rankOf(call: string): number {
  return Number(/(\d)d/i.exec(call)?.[1] ?? 2);
}

// --- families ---

function activation(context: Context): Outputs {
  const { inputs, attrs, call, library } = context;
  const [x, ...rest] = Object.values(inputs) as [Tensor, ...Tensor[]];
  const word = wordOf(call).toLowerCase().replaceAll("_", "");
  const name = nameIn(library, word);
  const own = ACTIVATIONS[word];
  if (own !== undefined) return { y: own(context, x, rest) };
  return { y: get(context, name)(x, ...rest) };
}

/** Those that take more than x. */
const ACTIVATIONS: Readonly<Record<string, (context: Context, x: Tensor, rest: readonly Tensor[]) => Tensor>> = {
  gelu: (c, x) => get(c, "gelu")(x, attr(c.attrs, "approximate") ?? "none"),
  gelutanh: (c, x) => get(c, "gelu")(x, "tanh"),
  quickgelu: (c, x) => get(c, "gelu")(x, "sigmoid"),
  elu: (c, x) => get(c, "elu")(x, attr(c.attrs, "alpha")),
  celu: (c, x) => get(c, "celu")(x, attr(c.attrs, "alpha")),
  leakyrelu: (c, x) => get(c, "leakyRelu")(x, attr(c.attrs, "alpha", "negative_slope", "slope") ?? 0.01),
  prelu: (c, x, [w]) => get(c, "prelu")(x, w!.size === 1 ? w : alongChannels(c, w!, x.shape.length)),
  silu: (c, x) => get(c, "silu")(x, attr(c.attrs, "beta")),
  swish: (c, x) => get(c, "silu")(x, attr(c.attrs, "beta")),
  hardtanh: (c, x) => get(c, "hardTanh")(x, attr(c.attrs, "min_val", "min") ?? -1, attr(c.attrs, "max_val", "max") ?? 1),
  softshrink: (c, x) => get(c, "softShrink")(x, attr(c.attrs, "lambd", "lambda") ?? 0.5),
  hardshrink: (c, x) => get(c, "hardShrink")(x, attr(c.attrs, "lambd", "lambda") ?? 0.5),
  threshold: (c, x) => get(c, "threshold")(x, attr(c.attrs, "threshold"), attr(c.attrs, "value")),
  softplus: (c, x) => {
    const beta = Number(attr(c.attrs, "beta") ?? 1);
    return beta === 1 ? get(c, "softplus")(x) : basics(c).div(get(c, "softplus")(basics(c).mul(x, beta)), beta);
  },
  glu: (c, x) => get(c, "glu")(x, axisOf(c)),
  softmax: (c, x) => get(c, "softmax")(x, axisOf(c)),
  logsoftmax: (c, x) => get(c, "logSoftmax")(x, axisOf(c)),
  sparsemax: (c, x) => get(c, "sparsemax")(x, axisOf(c)),
  softmin: (c, x) => get(c, "softmax")(get(c, "neg")(x), axisOf(c)),
};

/** A function of the inputs in order, by the first word of the call. */
function plain(context: Context): Outputs {
  const { inputs, call, library } = context;
  return { y: get(context, nameIn(library, wordOf(call)))(...Object.values(inputs)) };
}

function formula(context: Context): Outputs {
  const { inputs, attrs, call, library } = context;
  return evaluateFormulas<Tensor>(call, {
    name: (name) => inputs[name] ?? (typeof attrs[name] === "number" ? get(context, "tensor")(attrs[name], [], "float32") : undefined),
    number: (value) => get(context, "tensor")(value, [], "float32"),
    call: (name, args) => get(context, nameIn(library, name))(...args),
  });
}

function matrixProduct(context: Context): Outputs {
  const { attrs, inputs } = context;
  const [a, b] = Object.values(inputs) as [Tensor, Tensor];
  const { reshape, transpose } = basics(context);
  const turn = (x: Tensor): Tensor => transpose(x, x.shape.map((_, i) => (i < x.shape.length - 2 ? i : 2 * x.shape.length - 3 - i)));
  if (a.shape.length === 1 && b.shape.length === 1) return { y: get(context, "dot")(a, b) };
  const left = a.shape.length === 1 ? reshape(a, [1, a.size]) : attrs["transA"] === true ? turn(a) : a;
  const right = b.shape.length === 1 ? reshape(b, [b.size, 1]) : attrs["transB"] === true ? turn(b) : b;
  const y = get(context, "matmul")(left, right);
  const kept = y.shape.filter((_, i) => !(a.shape.length === 1 && i === y.shape.length - 2) && !(b.shape.length === 1 && i === y.shape.length - 1));
  return { y: reshape(y, kept) };
}

function convolution(context: Context): Outputs {
  const { attrs, inputs } = context;
  const { x, w, b } = inputs as { x: Tensor; w: Tensor; b?: Tensor };
  const { add, transpose } = basics(context);
  const rank = x.shape.length - 2;
  const filter = transpose(w, [...Array.from({ length: rank }, (_, i) => i + 2), 1, 0]);
  const padding = attrs["padding"];
  // Groups came with the convolutions of one axis.
  if (Number(attrs["groups"] ?? 1) !== 1) get(context, "conv1d");
  const y = get(context, `conv${rank}d`)(channelsLast(context, x), filter, {
    strides: each(attrs["stride"], rank, 1),
    padding: typeof padding === "string" ? padding : each(padding, rank, 0).map((n) => [n, n]),
    dilations: each(attrs["dilation"], rank, 1),
    groups: Number(attrs["groups"] ?? 1),
  });
  return { y: channelsFirst(context, b === undefined ? y : add(y, b)) };
}

/** Filters of transposed convolutions are [in, out / groups, …] there and [… , out / groups, in] here. */
function transposedConvolution(context: Context): Outputs {
  const { attrs, inputs } = context;
  const { x, w, b } = inputs as { x: Tensor; w: Tensor; b?: Tensor };
  const { add, transpose } = basics(context);
  const rank = x.shape.length - 2;
  const y = get(context, `conv${rank}dTranspose`)(channelsLast(context, x), transpose(w, [...Array.from({ length: rank }, (_, i) => i + 2), 1, 0]), {
    strides: each(attrs["stride"], rank, 1),
    padding: each(attrs["padding"], rank, 0).map((n) => [n, n]),
    outputPadding: each(attrs["output_padding"], rank, 0),
    dilations: each(attrs["dilation"], rank, 1),
    groups: Number(attrs["groups"] ?? 1),
  });
  return { y: channelsFirst(context, b === undefined ? y : add(y, b)) };
}

function pool(context: Context): Outputs {
  const { attrs, call, inputs } = context;
  const x = Object.values(inputs)[0]!;
  const rank = rankOf(call);
  const kind = /max/i.test(call) ? "max" : "average";
  if (/adaptive|global/i.test(call)) {
    const axes = Array.from({ length: rank }, (_, i) => i + 2);
    return { y: get(context, kind === "max" ? "max" : "mean")(x, axes, true) };
  }
  // The options came with the pools of one axis.
  if (attrs["ceil_mode"] || attrs["dilation"] || (kind === "average" && attrs["padding"])) get(context, "maxPool1d");
  const size = each(attr(attrs, "kernel", "kernel_size"), rank, 1);
  const y = get(context, `${kind}Pool${rank}d`)(channelsLast(context, x), {
    poolSize: size,
    strides: attr(attrs, "stride") === undefined ? size : each(attrs["stride"], rank, 1),
    padding: each(attrs["padding"], rank, 0).map((n) => [n, n]),
    dilations: each(attrs["dilation"], rank, 1),
    ceilMode: attrs["ceil_mode"] === true,
    ...(kind === "average" && { countIncludePad: attrs["count_include_pad"] !== false }),
  });
  return { y: channelsFirst(context, y) };
}

function reduction(context: Context): Outputs {
  const { attrs, call, inputs, library, wanted } = context;
  const x = Object.values(inputs)[0]!;
  const word = wordOf(call).split("_")[0]!;
  const axis = attr(attrs, "axis", "dim");
  const axes = axis === undefined || axis === null ? undefined : numbers(axis);
  const keepDims = attr(attrs, "keepdim", "keepdims") === true;
  if (/^cum/.test(word)) return { y: get(context, nameIn(library, word))(x, axisOf(context)) };
  const { mul } = basics(context);
  const result = (): Tensor => {
    if (/^(argmax|argmin)$/.test(word)) return get(context, word === "argmax" ? "argMax" : "argMin")(x, axes?.[0]);
    if (/^(var|std)$/.test(word)) {
      const n = (axes ?? x.shape.map((_, i) => i)).reduce((product, k) => product * x.shape[k < 0 ? k + x.shape.length : k]!, 1);
      const ddof = Number(attr(attrs, "ddof", "correction") ?? (/unbiased/.test(call) ? 1 : 0));
      const corrected = mul(get(context, "variance")(x, axes, keepDims), n / (n - ddof));
      return word === "var" ? corrected : get(context, "sqrt")(corrected);
    }
    return get(context, nameIn(library, word))(x, axes, keepDims);
  };
  const y = result();
  return wanted.includes("idx") ? { y, idx: get(context, /^(max|argmax)/.test(word) ? "argMax" : "argMin")(x, axes![0]) } : { y };
}

function normalization(context: Context): Outputs {
  const { attrs, call, inputs } = context;
  const { x, w, b } = inputs as { x: Tensor; w?: Tensor; b?: Tensor };
  const { add, mul } = basics(context);
  const epsilon = Number(attr(attrs, "eps", "epsilon") ?? 1e-5);
  if (/rms|rsqrt\(mean/.test(call)) return { y: mul(get(context, "rmsNorm")(x, { epsilon }), w ?? 1) };
  if (/layer_?norm/i.test(call)) {
    const last = Array.isArray(attrs["normalized_shape"]) ? attrs["normalized_shape"].length : 1;
    const y = get(context, "layerNorm")(x, { axes: Array.from({ length: last }, (_, i) => i - last), epsilon });
    return { y: scaled(y, w, b) };
  }
  if (/instance_?norm/i.test(call)) {
    const y = channelsFirst(context, get(context, "instanceNorm")(channelsLast(context, x), { epsilon }));
    return { y: scaled(y, w && alongChannels(context, w, x.shape.length), b && alongChannels(context, b, x.shape.length)) };
  }
  if (/group_?norm/i.test(call)) {
    const groups = Number(attr(attrs, "groups", "num_groups"));
    const y = channelsFirst(context, get(context, "groupNorm")(channelsLast(context, x), { groups, epsilon }));
    return { y: scaled(y, w && alongChannels(context, w, x.shape.length), b && alongChannels(context, b, x.shape.length)) };
  }
  throw new MissingFunction(`no function for "${call}"`);

  function scaled(y: Tensor, gain: Tensor | undefined, bias: Tensor | undefined): Tensor {
    const scaledUp = gain === undefined ? y : mul(y, gain);
    return bias === undefined ? scaledUp : add(scaledUp, bias);
  }
}

/** Functions of PyTorch that move elements, by the first word. */
const INDEXING: readonly (readonly [call: RegExp, run: Run])[] = [
  [/^(?:torch\.)?(?:cat|concat)/, (c) => ({ y: get(c, "concat")(Object.values(c.inputs), axisOf(c, 0)) })],
  [/^(?:torch\.)?stack/, (c) => ({ y: get(c, "stack")(Object.values(c.inputs), axisOf(c, 0)) })],
  [/flip/, (c) => ({ y: get(c, "flip")(c.inputs["x"], numbers(attr(c.attrs, "axes", "axis", "dims"))) })],
  [/roll/, (c) => ({ y: get(c, "roll")(c.inputs["x"], attr(c.attrs, "shifts", "shift"), attr(c.attrs, "axes", "axis", "dims")) })],
  [/torch\.gather|take_along/, (c) => ({ y: get(c, "takeAlongAxis")(c.inputs["x"], c.inputs["i"], axisOf(c, 0)) })],
  [/index_select|take/, (c) => ({ y: get(c, "gather")(c.inputs["x"], c.inputs["i"], { axis: axisOf(c, 0) }) })],
  [/scatter_add/, (c) => ({ y: get(c, "scatterAddAlongAxis")(c.inputs["x"], c.inputs["i"], c.inputs["src"], axisOf(c, 0)) })],
  [/topk/, largest],
  [/sort/, sorted],
  [/split|chunk/, splitPart],
  [/interpolate/, resize],
  [/tri[ul]|=/, formula],
  [/tile|repeat/, (c) => ({ y: get(c, "tile")(c.inputs["x"], numbers(attr(c.attrs, "repeats", "reps"))) })],
  [/permute|transpose/, (c) => ({ y: get(c, "transpose")(c.inputs["x"], numbers(attr(c.attrs, "perm", "dims", "axes"))) })],
  [/reshape|view/, (c) => ({ y: get(c, "reshape")(c.inputs["x"], numbers(attr(c.attrs, "shape"))) })],
];

function sorted(context: Context): Outputs {
  const { attrs, inputs } = context;
  const options = { axis: axisOf(context), descending: attrs["descending"] === true };
  return { y: get(context, "sort")(inputs["x"], options), idx: get(context, "argsort")(inputs["x"], options) };
}

function largest(context: Context): Outputs {
  const { attrs, inputs } = context;
  const found = get(context, "topK")(inputs["x"], attrs["k"], { axis: axisOf(context), largest: attrs["largest"] !== false });
  const { values, indices } = found as unknown as { readonly values: Tensor; readonly indices: Tensor };
  return { y: values, idx: indices };
}

/** Pieces by name in their order, or only the last of them. */
function splitPart(context: Context): Outputs {
  const { attrs, inputs, wanted } = context;
  const pieces = get(context, "split")(inputs["x"], attr(attrs, "sizes", "chunks"), axisOf(context, 0)) as unknown as Tensor[];
  if (wanted.length === pieces.length) return Object.fromEntries(wanted.map((name, i) => [name, pieces[i]!]));
  const only = /only (\d)/.exec(context.call);
  return { [wanted[0]!]: pieces[only ? Number(only[1]) - 1 : pieces.length - 1]! };
}

function resize(context: Context): Outputs {
  const { attrs, call, inputs } = context;
  const x = channelsLast(context, Object.values(inputs)[0]!);
  const scale = attrs["scale"] === undefined ? undefined : each(attrs["scale"], x.shape.length - 2, 1);
  const size = scale ? scale.map((factor, i) => Math.floor(x.shape[i + 1]! * factor)) : numbers(attrs["size"]);
  const y = /bilinear/.test(call) ? get(context, "resizeBilinear")(x, size, { alignCorners: attrs["align_corners"] === true }) : get(context, "resizeNearest")(x, size);
  return { y: channelsFirst(context, y) };
}

function attention(context: Context): Outputs {
  const { attrs, inputs } = context;
  const { q, k, v, mask } = inputs as { q: Tensor; k: Tensor; v: Tensor; mask?: Tensor };
  return { y: get(context, "scaledDotProductAttention")(q, k, v, { causal: attrs["causal"] === true, ...(mask && { mask }) }) };
}

const ANY = /./;

/** The first row whose group and call fit. */
const CALLS: readonly { readonly group: RegExp; readonly call: RegExp; readonly run: Run }[] = [
  { group: /^activation$/, call: ANY, run: activation },
  { group: /^softmax$/, call: /^(?:torch\.)?logsumexp/, run: (c) => ({ y: get(c, "logSumExp")(c.inputs["x"], axisOf(c)) }) },
  { group: /^softmax$/, call: ANY, run: activation },
  { group: /^autograd$/, call: ANY, run: formula },
  { group: /^broadcast$/, call: ANY, run: plain },
  { group: /^matmul$/, call: ANY, run: matrixProduct },
  { group: /^conv\d?d?$/, call: ANY, run: convolution },
  { group: /^convtranspose/, call: ANY, run: transposedConvolution },
  { group: /^pool$/, call: ANY, run: pool },
  { group: /^reduce$/, call: ANY, run: reduction },
  { group: /^norm$/, call: ANY, run: normalization },
  { group: /^einsum$/, call: ANY, run: (c) => ({ y: get(c, "einsum")(c.attrs["equation"], ...Object.values(c.inputs)) }) },
  { group: /^embedding$/, call: ANY, run: (c) => ({ y: get(c, "gather")(c.inputs["w"], c.inputs["ids"]) }) },
  ...INDEXING.map(([call, run]) => ({ group: /^index$/, call, run })),
  { group: /^attention$/, call: /^(?:softmax\(q|same)|scaled_dot/, run: attention },
];
