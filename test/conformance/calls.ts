// What a golden case calls: from its group, its call and its attributes to edgegrad's public functions. The cases follow PyTorch (channels after the batch,
// filters [out, in / groups, …]); here channels come last and filters are [… , in / groups, out].
import type { Tensor } from "../../src/engine/tensor.js";
import {
  alongChannels, attr, axisOf, basics, channelsFirst, channelsLast, each, formula, get, MissingFunction, nameIn, rankOf, wordOf, type Context, type Outputs, type Run,
} from "./context.js"; // prettier-ignore
import { INDEXING } from "./indexing.js";
import { lossCase } from "./losses.js";
import { rates, trajectory } from "./optimizers.js";
import { reduction } from "./reduction.js";

/** The function that runs a case, if there is one for its kind. Whether the library has what it needs shows when it runs. */
export function callOf({ kind, group, call }: { readonly kind: string; readonly group: string; readonly call: string }): Run | undefined {
  if (kind === "optim") return trajectory;
  if (kind === "sched") return rates;
  return CALLS.find((row) => row.group.test(group) && row.call.test(call))?.run;
}

function activation(context: Context): Outputs {
  const { inputs, call, library } = context;
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
  const { attrs, inputs, call, library } = context;
  const bounds = [attr(attrs, "min", "lo"), attr(attrs, "max", "hi")];
  return { y: get(context, nameIn(library, wordOf(call)))(...Object.values(inputs), ...(/clamp|clip/.test(call) ? bounds : [])) };
}

function matrixProduct(context: Context): Outputs {
  const { attrs, call, inputs } = context;
  const [a, b] = Object.values(inputs) as [Tensor, Tensor];
  const { reshape, transpose } = basics(context);
  const turn = (x: Tensor): Tensor => transpose(x, x.shape.map((_, i) => (i < x.shape.length - 2 ? i : 2 * x.shape.length - 3 - i)));
  if (a.shape.length === 1 && b.shape.length === 1) return { y: get(context, "dot")(a, b) };
  if (/outer/.test(call)) return { y: get(context, "mul")(reshape(a, [a.size, 1]), reshape(b, [1, b.size])) };
  const isTurned = (flag: string, text: RegExp): boolean => attrs[flag] === true || (attrs[flag] === undefined && text.test(call));
  const left = a.shape.length === 1 ? reshape(a, [1, a.size]) : isTurned("transA", /\ba\.m?T/) ? turn(a) : a;
  const right = b.shape.length === 1 ? reshape(b, [b.size, 1]) : isTurned("transB", /\bb\.m?T/) ? turn(b) : b;
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
  { group: /^loss$/, call: ANY, run: lossCase },
  { group: /^einsum$/, call: ANY, run: (c) => ({ y: get(c, "einsum")(c.attrs["equation"], ...Object.values(c.inputs)) }) },
  { group: /^embedding$/, call: ANY, run: (c) => ({ y: get(c, "gather")(c.inputs["w"], c.inputs["ids"]) }) },
  ...INDEXING.map(([call, run]) => ({ group: /^index$/, call, run })),
  { group: /^attention$/, call: /^(?:softmax\(q|same)|scaled_dot/, run: attention },
];
