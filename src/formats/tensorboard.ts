// TensorBoard's events: scalars, histograms and graphs as its `Event` messages, each framed as a TFRecord.
// Field numbers: tensorflow/core/util/event.proto and core/framework/{summary,graph,node_def,attr_value,tensor_shape}.proto
import { ProtoMessage } from "./protobuf.js";
import { frameRecord } from "./tfrecord.js";

const EVENT = { wallTime: 1, step: 2, fileVersion: 3, graph: 4, summary: 5 } as const;
const VALUE = { tag: 1, simpleValue: 2, histogram: 5 } as const;
const HISTOGRAM = { min: 1, max: 2, count: 3, sum: 4, sumSquares: 5, limits: 6, buckets: 7 } as const;
const NODE = { name: 1, op: 2, input: 3, attributes: 5 } as const;

/** When an event was: seconds since 1970, and the step or epoch. */
export interface EventTime {
  readonly wallTime: number;
  readonly step: number;
}

/** The event that a file begins with. */
export function versionEvent(wallTime: number): Uint8Array {
  return frame(new ProtoMessage().double(EVENT.wallTime, wallTime).string(EVENT.fileVersion, "brain.Event:2"));
}

/** One number of a curve. tag: the curve's name, "epoch_loss" */
export function scalarEvent(time: EventTime, tag: string, value: number): Uint8Array {
  return summaryEvent(time, new ProtoMessage().string(VALUE.tag, tag).float(VALUE.simpleValue, value));
}

/** How values are distributed. Those that are not finite are left out: a bucket has borders. */
export function histogramEvent(time: EventTime, tag: string, values: ArrayLike<number>): Uint8Array {
  const { min, max, count, sum, sumSquares, limits, buckets } = histogramOf(values);
  const message = new ProtoMessage()
    .double(HISTOGRAM.min, min)
    .double(HISTOGRAM.max, max)
    .double(HISTOGRAM.count, count)
    .double(HISTOGRAM.sum, sum)
    .double(HISTOGRAM.sumSquares, sumSquares)
    .doubles(HISTOGRAM.limits, limits)
    .doubles(HISTOGRAM.buckets, buckets);
  return summaryEvent(time, new ProtoMessage().string(VALUE.tag, tag).message(VALUE.histogram, message));
}

/** A node of a graph; a name with slashes lies in groups. */
export interface GraphNode {
  readonly name: string;
  readonly op: string;
  /** Names of the nodes whose results it takes. */
  readonly inputs: readonly string[];
  /** Shape of its result; −1 for sizes that are not known. */
  readonly shape?: readonly number[];
}

/** A graph, as TensorBoard's page of graphs draws it. */
export function graphEvent(wallTime: number, nodes: readonly GraphNode[]): Uint8Array {
  const graph = new ProtoMessage();
  for (const { name, op, inputs, shape } of nodes) {
    const node = new ProtoMessage().string(NODE.name, name).string(NODE.op, op);
    for (const input of inputs) node.string(NODE.input, input);
    if (shape) node.message(NODE.attributes, new ProtoMessage().string(1, "_output_shapes").message(2, shapeAttribute(shape)));
    graph.message(1, node);
  }
  graph.message(4, new ProtoMessage().int(1, 22)); // versions.producer: the version since which graphs look as they do
  return frame(new ProtoMessage().double(EVENT.wallTime, wallTime).raw(EVENT.graph, graph.finish()));
}

/** AttrValue { list { shape { dim { size } … } } } */
function shapeAttribute(shape: readonly number[]): ProtoMessage {
  const message = new ProtoMessage();
  for (const size of shape) message.message(2, new ProtoMessage().int(1, size));
  return new ProtoMessage().message(1, new ProtoMessage().message(7, message));
}

function summaryEvent({ wallTime, step }: EventTime, value: ProtoMessage): Uint8Array {
  return frame(new ProtoMessage().double(EVENT.wallTime, wallTime).int(EVENT.step, step).message(EVENT.summary, new ProtoMessage().message(1, value)));
}

function frame(event: ProtoMessage): Uint8Array {
  return frameRecord(event.finish());
}

/** TensorBoard shows at most so many. */
const BUCKETS = 30;

/** Buckets of equal width between the least and the largest value; bucket i ends at limits[i]. */
export function histogramOf(values: ArrayLike<number>): { min: number; max: number; count: number; sum: number; sumSquares: number; limits: number[]; buckets: number[] } {
  let [min, max, count, sum, sumSquares] = [Infinity, -Infinity, 0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
    count++;
    sum += value;
    sumSquares += value * value;
  }
  if (count === 0) return { min: 0, max: 0, count, sum, sumSquares, limits: [0], buckets: [0] };
  if (min === max) return { min, max, count, sum, sumSquares, limits: [max], buckets: [count] };
  const buckets = new Array<number>(BUCKETS).fill(0);
  const width = (max - min) / BUCKETS;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Number.isFinite(value)) buckets[Math.min(BUCKETS - 1, Math.floor((value - min) / width))]!++;
  }
  return { min, max, count, sum, sumSquares, limits: buckets.map((_, i) => (i === BUCKETS - 1 ? max : min + (i + 1) * width)), buckets };
}
