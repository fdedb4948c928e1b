// The callbacks that write files, in trainings. Event files are read back by a parser of this test's own, and by TensorBoard where it is installed.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { FileError } from "../../base/errors.js";
import { init } from "../../engine/index.js";
import { crc32c } from "../../formats/tfrecord.js";
import { input, layers, model, sequential, type Callback, type Sequential } from "../../nn/index.js";
import { csvLogger } from "./csvLogger.js";
import { tensorBoard } from "./tensorBoard.js";

const folder = mkdtempSync(join(tmpdir(), "edgegrad-callbacks-"));
afterAll(() => rmSync(folder, { recursive: true }));
beforeAll(() => init());

function line(): Sequential {
  const net = sequential({ seed: 1, name: "line", layers: [layers.dense({ units: 3, inputShape: [1], activation: "relu", name: "hidden" }), layers.dense({ units: 1, name: "out" })] });
  net.compile({ optimizer: "sgd", loss: "meanSquaredError", metrics: ["meanAbsoluteError"] });
  return net;
}

const x = Float32Array.from({ length: 12 }, (_, i) => i / 12);
const data = { x: { data: x, shape: [12, 1] }, y: { data: x.map((value) => 2 * value), shape: [12, 1] } };
const fit = (net: Sequential, callbacks: Callback[], epochs = 3): ReturnType<Sequential["fit"]> =>
  net.fit(data.x, data.y, { epochs, batchSize: 4, validationData: [data.x, data.y], callbacks });

describe("csvLogger", () => {
  const read = (path: string): string[][] => readFileSync(path, "utf8").trimEnd().split("\n").map((row) => row.split(","));

  it("writes a row an epoch, with the numbers of the history to the last bit", async () => {
    const path = join(folder, "deep", "log.csv");
    const { history } = await fit(line(), [csvLogger(path)]);
    const [names, ...rows] = read(path);
    expect(names).toEqual(["epoch", ...Object.keys(history)]);
    expect(rows.map(([epoch]) => epoch)).toEqual(["0", "1", "2"]);
    rows.forEach((row, epoch) => expect(row.slice(1).map(Number)).toEqual(Object.values(history).map((values) => values[epoch])));
  });

  it("begins anew, or goes on behind the rows of before", async () => {
    const path = join(folder, "again.csv");
    const net = line();
    await fit(net, [csvLogger(path)], 1);
    const before = read(path);
    await fit(net, [csvLogger(path, { append: true })], 2);
    expect(read(path).slice(0, 2)).toEqual(before);
    expect(read(path).length).toBe(4);
    await fit(line(), [csvLogger(path)], 1);
    expect(read(path)).toEqual(before);
  });

  it("has another separator, quotes names that need it, and reads them again", async () => {
    const path = join(folder, "semicolon.csv");
    const logger = csvLogger(path, { separator: ";", append: true });
    for (let run = 0; run < 2; run++) {
      await logger.onTrainBegin!({ model: line(), epochs: 1, steps: 1, samples: 1, batchSize: 1 });
      await logger.onEpochEnd!(run, { 'a;"b"': 0.5 });
    }
    expect(readFileSync(path, "utf8")).toBe('epoch;"a;""b"""\n0;0.5\n1;0.5\n');
  });

  it("gives a value that turns up later a column, and NA before", async () => {
    const path = join(folder, "later.csv");
    const logger = csvLogger(path);
    await logger.onTrainBegin!({ model: line(), epochs: 3, steps: 1, samples: 1, batchSize: 1 });
    await logger.onEpochEnd!(0, { loss: 1 });
    await logger.onEpochEnd!(1, { loss: 0.5, val_loss: 2 });
    await logger.onEpochEnd!(2, { loss: 0.25 });
    expect(readFileSync(path, "utf8")).toBe("epoch,loss,val_loss\n0,1,NA\n1,0.5,2\n2,0.25,NA\n");
  });

  it("goes on from a backup: rows since then are written anew, those before stay", async () => {
    const path = join(folder, "backup.csv");
    const info = { model: line(), epochs: 3, steps: 1, samples: 1, batchSize: 1 };
    const first = csvLogger(path);
    await first.onTrainBegin!(info);
    await first.onEpochEnd!(0, { loss: 1 });
    const state = first.saveState!()!;
    await first.onEpochEnd!(1, { loss: 0.5 });
    const second = csvLogger(path);
    await second.onTrainBegin!(info);
    second.loadState!(JSON.parse(JSON.stringify(state)) as typeof state);
    await second.onEpochEnd!(1, { loss: 0.25 });
    expect(readFileSync(path, "utf8")).toBe("epoch,loss\n0,1\n1,0.25\n");
  });

  it("leaves the file whole when training fails", async () => {
    const path = join(folder, "failing.csv");
    const failing: Callback = {
      onBatchEnd: (batch) => {
        if (batch === 1 && existsSync(path)) throw new Error("no more");
      },
    };
    await expect(fit(line(), [csvLogger(path), failing])).rejects.toThrow("no more");
    expect(read(path).map((row) => row.length)).toEqual([5, 5]);
    expect(readdirSync(folder).filter((name) => name.endsWith(".part"))).toEqual([]);
  });

  it("says what it takes, and where it cannot write", async () => {
    expect(() => csvLogger("")).toThrow('csvLogger: expected the path of a file, got "".');
    expect(() => csvLogger("a", { seperator: ";" } as never)).toThrow('Did you mean "separator"?');
    await expect(fit(line(), [csvLogger(folder)], 1)).rejects.toThrow(FileError);
  });
});

/** A field of a protocol buffer: its number and value, a message's as bytes. */
type Field = readonly [number: number, value: number | Uint8Array];

function fieldsOf(bytes: Uint8Array): Field[] {
  const fields: Field[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const varint = (): number => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++]!;
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return Number(BigInt.asIntN(64, value));
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    const [number, type] = [tag >> 3, tag & 7];
    if (type === 0) fields.push([number, varint()]);
    else if (type === 1 || type === 5) {
      fields.push([number, type === 1 ? view.getFloat64(at, true) : view.getFloat32(at, true)]);
      at += type === 1 ? 8 : 4;
    } else {
      const length = varint();
      fields.push([number, bytes.subarray(at, at + length)]);
      at += length;
    }
  }
  return fields;
}

const message = (fields: readonly Field[], number: number): Field[] => fieldsOf(fields.find(([n]) => n === number)![1] as Uint8Array);
const text = (fields: readonly Field[], number: number): string => new TextDecoder().decode(fields.find(([n]) => n === number)?.[1] as Uint8Array);
const number = (fields: readonly Field[], which: number): number => (fields.find(([n]) => n === which)?.[1] as number | undefined) ?? 0;

/** The events of a run's one file, frames and checksums verified. */
function eventsOf(logDir: string, run: string): Field[][] {
  const names = readdirSync(join(logDir, run));
  expect(names).toEqual([expect.stringMatching(/^events\.out\.tfevents\.\d{10}\..+\.v2$/)]);
  const bytes = new Uint8Array(readFileSync(join(logDir, run, names[0]!)));
  const view = new DataView(bytes.buffer);
  const events: Field[][] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = Number(view.getBigUint64(at, true));
    const body = bytes.subarray(at + 12, at + 12 + length);
    for (const [data, place] of [[bytes.subarray(at, at + 8), at + 8], [body, at + 12 + length]] as const) {
      const crc = crc32c(data);
      expect(view.getUint32(place, true)).toBe((((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0);
    }
    events.push(fieldsOf(body));
    at += 16 + length;
  }
  return events;
}

/** Scalars by tag: [step, value] each. */
function scalarsOf(events: readonly Field[][]): Record<string, [number, number][]> {
  const found: Record<string, [number, number][]> = {};
  for (const event of events) {
    if (!event.some(([n]) => n === 5)) continue;
    const value = message(message(event, 5), 1);
    if (value.some(([n]) => n === 2)) (found[text(value, 1)] ??= []).push([number(event, 2), number(value, 2)]);
  }
  return found;
}

test("[U10] [G2] tensorBoard writes event files: curves of both runs, histograms of every weight, the graph of layers", async () => {
  const logDir = join(folder, "board");
  const net = line();
  const { history } = await fit(net, [tensorBoard({ logDir, histogramFreq: 1 })]);
  const [events, validation] = [eventsOf(logDir, "train"), eventsOf(logDir, "validation")];
  for (const file of [events, validation]) expect(text(file[0]!, 3)).toBe("brain.Event:2");

  const curve = (values: readonly number[]): [number, number][] => values.map((value, epoch) => [epoch, Math.fround(value)]);
  const metric = Object.keys(history).find((name) => !name.includes("loss") && !name.startsWith("val_"))!;
  expect(scalarsOf(events)).toMatchObject({ epoch_loss: curve(history["loss"]!), [`epoch_${metric}`]: curve(history[metric]!), epoch_learning_rate: curve([0.01, 0.01, 0.01]) });
  expect(scalarsOf(validation)).toEqual({ epoch_loss: curve(history["val_loss"]!), [`epoch_${metric}`]: curve(history[`val_${metric}`]!) });

  const histograms = events.filter((event) => event.some(([n]) => n === 5)).map((event) => message(message(event, 5), 1)).filter((value) => value.some(([n]) => n === 5));
  expect(histograms.map((value) => text(value, 1))).toEqual([0, 1, 2].flatMap(() => net.weights.map(({ name }) => `${name}/histogram`)));
  const [last] = histograms.slice(-4);
  expect(number(message(last!, 5), 3)).toBe(3);

  const graph = events.find((event) => event.some(([n]) => n === 4))!;
  const nodes = message(graph, 4).filter(([n]) => n === 1).map(([, bytes]) => fieldsOf(bytes as Uint8Array));
  expect(nodes.map((node) => text(node, 1))).toEqual(["line/input", "line/hidden/kernel", "line/hidden/bias", "line/hidden/Dense", "line/out/kernel", "line/out/bias", "line/out/Dense"]);
  expect(nodes.at(-1)!.filter(([n]) => n === 3).map(([, name]) => new TextDecoder().decode(name as Uint8Array))).toEqual(["line/hidden/Dense", "line/out/kernel", "line/out/bias"]);
});

describe("tensorBoard", () => {
  it("draws branches, and layers that take several inputs", async () => {
    const logDir = join(folder, "branches");
    const x = input({ shape: [1], name: "x" });
    const wide = layers.dense({ units: 2, name: "wide" }).apply(x);
    const deep = layers.dense({ units: 2, name: "deep" }).apply(x);
    const net = model({ name: "net", inputs: x, outputs: layers.dense({ units: 1, name: "out" }).apply(layers.add({ name: "sum" }).apply([wide, deep])) });
    net.compile({ optimizer: "sgd", loss: "meanSquaredError" });
    await net.fit(data.x, data.y, { callbacks: [tensorBoard({ logDir })] });
    const graph = eventsOf(logDir, "train").find((event) => event.some(([n]) => n === 4))!;
    const nodes = message(graph, 4).filter(([n]) => n === 1).map(([, bytes]) => fieldsOf(bytes as Uint8Array));
    const inputs = (name: string): string[] => nodes.find((node) => text(node, 1) === name)!.filter(([n]) => n === 3).map(([, bytes]) => new TextDecoder().decode(bytes as Uint8Array));
    expect(inputs("net/sum/Add")).toEqual(["net/wide/Dense", "net/deep/Dense"]);
    expect(inputs("net/deep/Dense")).toEqual(["net/x/InputLayer", "net/deep/kernel", "net/deep/bias"]);
  });

  it("writes running values within epochs where asked to", async () => {
    const logDir = join(folder, "batches");
    await fit(line(), [tensorBoard({ logDir, updateFreq: 2, writeGraph: false })]);
    expect(scalarsOf(eventsOf(logDir, "train"))["batch_loss"]!.map(([step]) => step)).toEqual([0, 2, 4, 6, 8]);
  });

  it("writes steps per second where asked to", async () => {
    const logDir = join(folder, "speed");
    await fit(line(), [tensorBoard({ logDir, writeStepsPerSecond: true })]);
    const { epoch_steps_per_second: speeds = [], epoch_loss: losses = [] } = scalarsOf(eventsOf(logDir, "train"));
    for (const [, speed] of speeds) expect(speed).toBeGreaterThan(0);
    expect(speeds.map(([epoch]) => epoch)).toEqual(losses.map(([epoch]) => epoch));
  });

  it("leaves whole events behind when training fails", async () => {
    const logDir = join(folder, "failing");
    const failing: Callback = { onEpochBegin: (epoch) => { if (epoch === 2) throw new Error("no more"); } }; // prettier-ignore
    await expect(fit(line(), [tensorBoard({ logDir }), failing])).rejects.toThrow("no more");
    expect(scalarsOf(eventsOf(logDir, "train"))["epoch_loss"]).toHaveLength(2);
  });

  it("says what it takes", () => {
    expect(() => tensorBoard({ logdir: "a" } as never)).toThrow('Did you mean "logDir"?');
    expect(() => tensorBoard({ updateFreq: 0 })).toThrow("tensorBoard: updateFreq: expected a number in [1, Infinity], got 0.");
    expect(() => tensorBoard({ histogramFreq: -1 })).toThrow("tensorBoard: histogramFreq");
  });
});

const PYTHON = [process.env.EDGEGRAD_TENSORBOARD_PYTHON, "python3"].find((python) => {
  try {
    if (python) execFileSync(python, ["-c", "import tensorboard"], { stdio: "ignore" });
    return python !== undefined;
  } catch {
    return false;
  }
});

test("[U10] [G2] TensorBoard itself reads the files: scalars, histograms and graph", async ({ skip }) => {
  if (PYTHON === undefined) skip("TensorBoard is not installed: set EDGEGRAD_TENSORBOARD_PYTHON to a Python that has it");
  const logDir = join(folder, "real");
  const { history } = await fit(line(), [tensorBoard({ logDir, histogramFreq: 1 })]);
  const script = join(folder, "read.py");
  writeFileSync(script, `
import json, sys
from tensorboard.backend.event_processing import event_accumulator, plugin_event_accumulator
from tensorboard.util import tensor_util
def run(name):
    old = event_accumulator.EventAccumulator(sys.argv[1] + "/" + name, size_guidance={"scalars": 0, "histograms": 0}).Reload()
    new = plugin_event_accumulator.EventAccumulator(sys.argv[1] + "/" + name).Reload()
    tags = old.Tags()
    return {
        "scalars": {tag: [[e.step, e.value] for e in old.Scalars(tag)] for tag in tags["scalars"]},
        "plugin": {tag: [[e.step, float(tensor_util.make_ndarray(e.tensor_proto))] for e in new.Tensors(tag)] for tag in new.summary_metadata if new.summary_metadata[tag].plugin_data.plugin_name == "scalars"},
        "buckets": {tag: tensor_util.make_ndarray(new.Tensors(tag)[0].tensor_proto).shape for tag in new.summary_metadata if new.summary_metadata[tag].plugin_data.plugin_name == "histograms"},
        "histograms": {tag: old.Histograms(tag)[0].histogram_value.num for tag in tags["histograms"]},
        "graph": [[n.name, n.op, list(n.input), [d.size for d in n.attr["_output_shapes"].list.shape[0].dim]] for n in old.Graph().node] if tags["graph"] else [],
    }
print(json.dumps([run("train"), run("validation")]))
`);
  const [train, validation] = JSON.parse(execFileSync(PYTHON!, [script, logDir], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] })) as Record<string, never>[];
  const curve = (values: readonly number[]): [number, number][] => values.map((value, epoch) => [epoch, Math.fround(value)]);
  for (const kind of ["scalars", "plugin"]) {
    expect(train![kind]).toMatchObject({ epoch_loss: curve(history["loss"]!) });
    expect(validation![kind]).toMatchObject({ epoch_loss: curve(history["val_loss"]!) });
  }
  expect(train!["histograms"]).toMatchObject({ "hidden/kernel/histogram": 3, "out/bias/histogram": 1 });
  expect(train!["graph"]).toContainEqual(["line/out/Dense", "Dense", ["line/hidden/Dense", "line/out/kernel", "line/out/bias"], [-1, 1]]);
}, 60_000);
