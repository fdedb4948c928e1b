// Layout: convolutions of few channels over batches run with eight images side by side in the lanes of vectors, [groups, H, W, C, 8], and so does
// what lies between them: pooling, elementwise nodes, batch normalisation's statistics. Everything else sees images in a row, as it was traced.
// A 2×2 max pooling behind relu, and its gradient, become part of the convolution, which then never stores its bare result.
import { isNarrow } from "../base/dtype.js";
import { sameShape, sizeOf } from "../base/shape.js";
import { mapped, nodesOf, rootsOf, type Graph } from "../graph/graph.js";
import { withInputs } from "../graph/rebuild.js";
import { attrsKey, CONSTANT, constant, constantValue, isLeaf, node, PART, part, type Value } from "../graph/value.js";
import { add } from "../ops/add.js";
import { bnGradSums } from "../ops/bnGradSums.js";
import { bnStats, row as rowOf } from "../ops/bnStats.js";
import { concat } from "../ops/concat.js";
import type { FilterAttrs } from "../ops/conv2dGradFilter.js";
import type { InputAttrs } from "../ops/conv2dGradInput.js";
import { convSizes, winogradBlocks, type ConvWindow } from "../ops/convolution.js";
import { fromLanes } from "../ops/fromLanes.js";
import { laneConv2d, type LaneConvAttrs } from "../ops/laneConv2d.js";
import { laneConv2dGradFilter } from "../ops/laneConv2dGradFilter.js";
import { laneConv2dGradInput } from "../ops/laneConv2dGradInput.js";
import { LANES, laneShape, LEAST_LANE_CHANNELS } from "../ops/laneConvolution.js";
import { laneRow } from "../ops/laneRow.js";
import { laneUnpool } from "../ops/laneUnpool.js";
import { mean } from "../ops/mean.js";
import { rulesOf } from "../ops/op.js";
import type { Pool } from "../ops/pooling.js";
import { reluGrad } from "../ops/reluGrad.js";
import { reshape } from "../ops/reshape.js";
import { square } from "../ops/square.js";
import { sub } from "../ops/sub.js";
import { sum } from "../ops/sum.js";
import { toLanes } from "../ops/toLanes.js";
import type { Pair } from "../ops/window.js";
import type { Conv2dSizes } from "../program/workspace.js";

/** Channels, of input and output together, to which lanes were measured to be faster: more crowd each other out of the caches. */
const MOST_CHANNELS = 96;
/** Share of the lanes that must hold an image. */
const LEAST_FILL = 0.75;

/**
 * Whether a convolution and its gradients run faster with images in lanes. The one place where that is decided. Lanes beat the plain sums over rows; not
 * Winograd's two-dimensional tiles, and not the products that filters of one pixel or of the whole image are.
 */
export function prefersLanes(sizes: Conv2dSizes): boolean {
  const { n, h, w, c, kh, kw, o, dilationH, dilationW, groups } = sizes;
  const fill = n / (LANES * Math.ceil(n / LANES));
  const isProduct = kh * kw === 1 || (kh === h && kw === w);
  const fits = n >= LANES && fill >= LEAST_FILL && groups === 1 && dilationH === 1 && dilationW === 1 && o >= LEAST_LANE_CHANNELS && c + o <= MOST_CHANNELS;
  return fits && !isProduct && winogradBlocks(sizes, { numerics: "reproducible" }) === null;
}

export function layout(graph: Graph): Graph {
  const nodes = nodesOf(graph);
  if (!nodes.some(isInLanes)) return graph;
  const placing = new Placing(pooledConvolutions(graph, nodes));
  for (const value of nodes) placing.place(value);
  return mapped(graph, (value) => placing.inRow(value));
}

/** A convolution or gradient of one that runs in lanes. */
function isInLanes(value: Value): boolean {
  const sizes = sizesOf(value);
  if (sizes === null || !prefersLanes(sizes)) return false;
  return value.op.name !== "conv2dGradInput" || sizes.c >= LEAST_LANE_CHANNELS;
}

function sizesOf(value: Value): Conv2dSizes | null {
  const operands = OPERANDS[value.op.name];
  if (operands === undefined) return null;
  const [image, filter] = operands(value, value.inputs as [Value, Value]);
  return convSizes(image.shape, filter.shape, value.attrs as object as ConvWindow, value.op.name);
}

/** Image and filter of a convolution and its gradients. */
const OPERANDS: Readonly<Record<string, (value: Value, inputs: readonly [Value, Value]) => readonly [image: Value, filter: Value]>> = {
  conv2d: (_y, [x, w]) => [x, w],
  conv2dGradFilter: (dw, [x]) => [x, dw],
  conv2dGradInput: (dx, [, w]) => [dx, w],
};

/**
 * Convolutions that nothing reads but one 2×2 max pooling and its gradient, and whether that gradient is there. relu's own gradient may read
 * the result too: where the maximum is 0 so is what it lets through.
 */
function pooledConvolutions(graph: Graph, nodes: readonly Value[]): Map<Value, LaneConvAttrs["pool"]> {
  const users = new Map<Value, Value[]>();
  for (const value of nodes) {
    for (const input of value.inputs) {
      const list = users.get(input);
      if (list) list.push(value);
      else users.set(input, [value]);
    }
  }
  const roots = new Set(rootsOf(graph));
  const pooled = new Map<Value, LaneConvAttrs["pool"]>();
  for (const conv of nodes) {
    if (conv.op.name !== "conv2d" || conv.attrs["activation"] !== "relu" || roots.has(conv) || !isInLanes(conv)) continue;
    const readers = users.get(conv) ?? [];
    const pools = readers.filter(({ op }) => op.name === "maxPool2d");
    const key = pools.length === 1 && isTwoByTwo(pools[0]!) ? attrsKey(pools[0]!.attrs) : null;
    const isUnpooling = ({ op, inputs: [x, dy], attrs }: Value): boolean => op.name === "maxPool2dGrad" && x === conv && dy !== conv && attrsKey(attrs) === key;
    const fits = (user: Value): boolean =>
      user === pools[0] || isUnpooling(user) || (user.op.name === "reluGrad" && user.inputs[1] === conv && isUnpooling(user.inputs[0]!));
    if (key !== null && readers.every(fits)) pooled.set(conv, readers.length > 1 ? "winners" : "max");
  }
  return pooled;
}

function isTwoByTwo({ attrs, inputs: [x] }: Value): boolean {
  const { poolSize, strides, padding, dilations, outputSize } = attrs as object as Pool;
  const isWhole = outputSize.every((n, axis) => n === x!.shape[axis + 1]! >> 1);
  return [...poolSize, ...strides].every((n) => n === 2) && padding.flat().every((n) => n === 0) && dilations.every((n) => n === 1) && isWhole;
}

/** Where each value of the graph lies: in a row, in lanes, or both. Conversions are made when they are first asked for. */
class Placing {
  private readonly rows = new Map<Value, Value>();
  private readonly lanes = new Map<Value, Value>();
  /** Values that were computed in lanes. */
  private readonly native = new Set<Value>();
  private readonly laneRows = new Map<Value, Value>();
  /** What pooled convolutions leave. */
  private readonly pools = new Map<Value, Pooled>();

  constructor(private readonly pooled: ReadonlyMap<Value, LaneConvAttrs["pool"]>) {}

  place(value: Value): void {
    const rule = isLeaf(value) || value.op === PART ? undefined : (RULES[value.op.name] ?? elementwise);
    const placed = rule?.(this, value) ?? { row: this.rebuilt(value) };
    if (placed.row) this.rows.set(value, placed.row);
    if (placed.lanes) {
      this.lanes.set(value, placed.lanes);
      this.native.add(value);
    }
    if (placed.pooled) this.pools.set(value, placed.pooled);
  }

  isNative(value: Value): boolean {
    return this.native.has(value);
  }

  poolOf(conv: Value): LaneConvAttrs["pool"] {
    return this.pooled.get(conv) ?? "none";
  }

  pooledOf(conv: Value): Pooled | undefined {
    return this.pools.get(conv);
  }

  inRow(value: Value): Value {
    let row = this.rows.get(value);
    if (row === undefined) {
      const lanes = this.lanes.get(value);
      this.rows.set(value, (row = lanes ? fromLanes(lanes, { images: value.shape[0]! }) : this.rebuilt(value)));
    }
    return row;
  }

  inLanes(value: Value): Value {
    let lanes = this.lanes.get(value);
    if (lanes === undefined) {
      if (value.op === CONSTANT) lanes = constant(constantValue(value), value.dtype, laneShape(value.shape));
      else if (this.rows.has(value)) lanes = toLanes(this.inRow(value));
      else lanes = overChannels(this, value);
      this.lanes.set(value, lanes);
    }
    return lanes;
  }

  /** One number a channel, for every lane. */
  inLaneRow(value: Value): Value {
    let lanes = this.laneRows.get(value);
    if (lanes === undefined) this.laneRows.set(value, (lanes = laneRow(reshape(this.inRow(value), { shape: [sizeOf(value.shape)] }))));
    return lanes;
  }

  private rebuilt(value: Value): Value {
    return withInputs(value, value.inputs.map((input) => this.inRow(input)));
  }
}

interface Pooled {
  readonly value: Value;
  readonly winners: Value | null;
}

/** What stands for a value, in the layout in which it is computed; neither: as its readers ask. null: the node itself, over rows. */
type Placed = { readonly row?: Value; readonly lanes?: Value; readonly pooled?: Pooled } | null;
type Rule = (at: Placing, value: Value) => Placed;

const RULES: Readonly<Record<string, Rule>> = {
  conv2d: (at, value) => {
    if (!isInLanes(value)) return null;
    const [x, w, bias] = value.inputs as [Value, Value, Value?];
    const pool = at.poolOf(value);
    const { activation, ...window } = value.attrs as object as LaneConvAttrs & ConvWindow;
    const attrs = { strides: window.strides, padding: window.padding, dilations: window.dilations, activation, pool };
    const lanes = laneConv2d(at.inLanes(x), at.inRow(w), ...(bias ? [at.inRow(bias)] : []), attrs);
    if (pool === "none") return { lanes };
    return { pooled: pool === "max" ? { value: lanes, winners: null } : { value: part(lanes, 0), winners: part(lanes, 1) } };
  },
  conv2dGradFilter: (at, value) => {
    if (!isInLanes(value)) return null;
    const [x, dy] = value.inputs as [Value, Value];
    const { strides, padding, dilations, filterSize } = value.attrs as object as FilterAttrs;
    const parts = laneConv2dGradFilter(at.inLanes(x), ...pooledGradient(at.inLanes(dy)), { strides, padding, dilations, filterSize, images: x.shape[0]! });
    return { row: sum(parts, { axes: 0 }) };
  },
  conv2dGradInput: (at, value) => {
    if (!isInLanes(value)) return null;
    const [dy, w] = value.inputs as [Value, Value];
    const { strides, padding, dilations, inputSize } = value.attrs as object as InputAttrs;
    const [flow, ...winners] = pooledGradient(at.inLanes(dy));
    return { lanes: laneConv2dGradInput(flow, at.inRow(w), ...winners, { strides, padding, dilations, inputSize }) };
  },
  maxPool2d: (at, value) => {
    const x = value.inputs[0]!;
    const pooled = at.pooledOf(x);
    if (pooled) return { lanes: pooled.value };
    return at.isNative(x) ? { lanes: overChannels(at, value) } : null;
  },
  averagePool2d: (at, value) => (at.isNative(value.inputs[0]!) ? { lanes: overChannels(at, value) } : null),
  maxPool2dGrad: (at, value) => {
    const [x, dy] = value.inputs as [Value, Value];
    const pooled = at.pooledOf(x);
    if (pooled) return { lanes: laneUnpool(at.inLanes(dy), pooled.winners!, { inputSize: imageSize(x) }) };
    return at.isNative(x) ? { lanes: overChannels(at, value) } : null;
  },
  // In either layout, as its readers like.
  averagePool2dGrad: () => ({}),
  reluGrad: (at, value) => {
    const [dx, y] = value.inputs as [Value, Value];
    const pooled = at.pooledOf(y);
    if (!pooled) return elementwise(at, value);
    // Of the unpooled gradient: masked before it is unpooled there is a quarter to do.
    const dy = reluGrad(at.inLanes(dx.inputs[1]!), pooled.value);
    return { lanes: laneUnpool(dy, pooled.winners!, { inputSize: imageSize(y) }) };
  },
  sum: (at, value) => {
    const x = value.inputs[0]!;
    const { from, to } = value.attrs as { from: number; to: number };
    if (!at.isNative(x) || from !== 0 || to !== x.shape.length - 1) return null;
    const lanes = at.inLanes(x);
    // Images are summed last, in a row: lanes without an image take no part.
    const images = fromLanes(sum(pooledGradient(lanes)[0], { axes: [1, 2] }), { images: x.shape[0]! });
    return { row: reshape(sum(images, { axes: 0 }), { shape: value.shape }) };
  },
  bnStats: (at, value) => {
    const x = value.inputs[0]!;
    if (!at.isNative(x) || x.shape[0]! % LANES !== 0) return null;
    const channels = value.shape[1]!;
    const [means, variances] = [0, 1].map((i) => reshape(rowOf(bnStats(channelwise(at.inLanes(x))), i), { shape: [channels, LANES] })) as [Value, Value];
    const whole = mean(means, { axes: 1, keepDims: true });
    // Lanes hold equally many elements: their variances and the squared distances of their means have plain means.
    const variance = mean(add(variances, square(sub(means, whole))), { axes: 1 });
    return { row: concat([reshape(whole, { shape: [1, channels] }), reshape(variance, { shape: [1, channels] })], { axis: 0 }) };
  },
  bnGradSums: (at, value) => {
    const [dy, x, centre] = value.inputs as [Value, Value, Value];
    if (!at.isNative(x) || x.shape[0]! % LANES !== 0) return null;
    const channels = value.shape[1]!;
    const centres = reshape(at.inLaneRow(centre), { shape: [channels * LANES] });
    const sums = bnGradSums(channelwise(at.inLanes(dy)), channelwise(at.inLanes(x)), centres);
    return { row: sum(reshape(sums, { shape: [2, channels, LANES] }), { axes: 2 }) };
  },
};

/** An elementwise node over images, at least one of them in lanes; channel rows and scalars are broadcast as before. */
function elementwise(at: Placing, value: Value): Placed {
  if (rulesOf(value).micro === undefined || value.shape.length !== 4 || isNarrow(value.dtype)) return null;
  const isWhole = ({ shape }: Value): boolean => sameShape(shape, value.shape);
  if (!value.inputs.some((input) => isWhole(input) && at.isNative(input))) return null;
  const inputs = value.inputs.map((input) => {
    if (isWhole(input)) return isNarrow(input.dtype) ? null : at.inLanes(input);
    const channels = input.shape[input.shape.length - 1] ?? 1;
    if (sizeOf(input.shape) !== channels) return null;
    return channels === 1 ? reshape(at.inRow(input), { shape: [] }) : at.inLaneRow(input);
  });
  if (!inputs.every((input) => input !== null)) return null;
  return { lanes: node(value.op, inputs, value.attrs, { shape: laneShape(value.shape), dtype: value.dtype }) };
}

/** A pooling, or the gradient of one: in lanes, a group is one image of eight times as many channels. */
function overChannels(at: Placing, value: Value): Value {
  const [, h, w] = value.shape as readonly [number, number, number];
  const inputs = value.inputs.map((input) => channelwise(at.inLanes(input)));
  const [groups, , , channels] = inputs[0]!.shape as readonly [number, number, number, number];
  const pooled = node(value.op, inputs, value.attrs, { shape: [groups, h, w, channels], dtype: value.dtype });
  return reshape(pooled, { shape: laneShape(value.shape) });
}

/** x [groups, H, W, C, 8] as [groups, H, W, C·8]. */
function channelwise(x: Value): Value {
  const [groups, h, w, channels] = x.shape as readonly [number, number, number, number];
  return reshape(x, { shape: [groups, h, w, channels * LANES] });
}

/** An unpooled gradient as it was before, and its winners: convolutions unpool as they go, and to sums it adds but zeros. */
function pooledGradient(dy: Value): readonly [dy: Value, ...winners: Value[]] {
  return dy.op === laneUnpool ? [dy.inputs[0]!, dy.inputs[1]!] : [dy];
}

function imageSize({ shape }: Value): Pair {
  return [shape[1]!, shape[2]!];
}
