// Models cut out of graphs of layers: shapes, sharing, several inputs and outputs, masks, configurations, and what is refused.
import { beforeAll, describe, expect, it } from "vitest";
import { ShapeError, ValueError } from "../base/errors.js";
import type { Shape } from "../base/shape.js";
import { init, tensor, type Tensor } from "../engine/index.js";
import { cloneModel, input, Layer, layers, model, modelFromJSON, sequential, type CallOptions, type Functional, type Model, type ModelOf } from "./index.js";

beforeAll(() => init());

const { activation, concatenate, dense, dropout, flatten } = layers;

const X = [[1, 2, 3], [0, -1, 2], [4, 0, 1], [1, 1, 1]];
const Y = [[1, 0], [0, 1], [1, 0], [0, 1]];

const valuesOf = (tensors: readonly Tensor[]): number[][] => tensors.map((one) => [...one.dataSync()]);

/** Two inputs, a shared layer, a branch that meets again, two outputs. */
function branched(): Functional {
  const [a, b] = [input({ shape: [3], name: "a" }), input({ shape: [3], name: "b" })];
  const shared = dense({ units: 4, activation: "relu", name: "shared" });
  const both = concatenate().apply([shared.apply(a), shared.apply(b)]);
  return model({ seed: 7, name: "branched", inputs: [a, b], outputs: [dense({ units: 2, activation: "softmax", name: "kind" }).apply(both), dense({ units: 1, name: "size" }).apply(both)] });
}

describe("a functional model", () => {
  it("in a row has the weights and results of the sequential one of its seed, to the bit", () => {
    const row = sequential({ seed: 3, layers: [dense({ units: 4, activation: "tanh", inputShape: [3] }), dense({ units: 2 })] });
    const x = input({ shape: [3] });
    const graph = model({ seed: 3, inputs: x, outputs: dense({ units: 2 }).apply(dense({ units: 4, activation: "tanh" }).apply(x)) });
    expect(valuesOf(graph.getWeights())).toEqual(valuesOf(row.getWeights()));
    expect(graph.weights.map(({ name }) => name)).toEqual(row.weights.map(({ name }) => name));
    expect(valuesOf([graph.predictOnBatch(X)])).toEqual(valuesOf([row.predictOnBatch(X)]));
  });

  it("knows its inputs and outputs by name, shape and kind", () => {
    const net = branched();
    expect([net.inputNames, net.outputNames, net.inputShapes, net.outputShapes, net.linearOutputs]).toEqual([["a", "b"], ["kind", "size"], [[3], [3]], [[2], [1]], [false, true]]);
    expect(net.layers.map(({ name }) => name)).toEqual(["a", "b", "shared", "concatenate", "kind", "size"]);
    expect(net.inputs.map(({ from }) => from)).toEqual(['layer "a" (InputLayer)', 'layer "b" (InputLayer)']);
  });

  it("uses a shared layer with one set of weights", () => {
    const net = branched();
    expect(net.weights.map(({ name }) => name)).toEqual(["shared/kernel", "shared/bias", "kind/kernel", "kind/bias", "size/kernel", "size/bias"]);
    const [x, y] = [tensor(X, undefined, "float32"), tensor(X.map((row) => row.map((value) => value / 2)))];
    const shared = net.getLayer("shared");
    const rows = (one: Tensor): number[][] => one.arraySync() as number[][];
    const both = tensor(rows(shared.apply(x)).map((row, i) => [...row, ...rows(shared.apply(y))[i]!]));
    expect(valuesOf(net.applyAll([x, y]))).toEqual(valuesOf([net.getLayer("kind").apply(both), net.getLayer("size").apply(both)]));
  });

  it("may be 5,000 uses deep", () => {
    const again = activation({ activation: "linear" });
    let y = input({ shape: [1] });
    const x = y;
    for (let i = 0; i < 5000; i++) y = again.apply(y);
    const net = model({ inputs: x, outputs: y });
    expect(net.layers.length).toBe(2);
    expect(modelFromJSON(net.toJSON()).toJSON()).toBe(net.toJSON());
  });

  it("can end at the output of any layer of another model", () => {
    const net = sequential([dense({ units: 4, inputShape: [3], name: "hidden" }), dense({ units: 2 })]);
    const features = model({ inputs: net.inputs, outputs: net.getLayer("hidden").output });
    expect(valuesOf([features.predictOnBatch(X)])).toEqual(valuesOf([net.getLayer("hidden").apply(tensor(X))]));
    const extended = net.add(dense({ units: 1, name: "late" }));
    expect(model({ inputs: extended.inputs, outputs: extended.outputs }).outputShape).toEqual([1]);
    expect(() => branched().getLayer("shared").output).toThrow('layer "shared" (Dense): output: expected one use with one result, there are 2 uses.');
    expect(() => dense({ units: 1, name: "idle" }).output).toThrow("there are 0 uses");
  });

  it("keeps the training mode that a use was given, in files too", () => {
    const x = input({ shape: [100] });
    const drop = (options: object): ModelOf<Tensor> => model({ inputs: x, outputs: dropout({ rate: 0.5 }).apply(x, options) });
    const zeros = (net: ModelOf<Tensor>): number => net.apply(tensor(Array(100).fill(1), [1, 100]), { training: true }).dataSync().filter((value) => value === 0).length;
    expect(zeros(drop({}))).toBeGreaterThan(20);
    expect(zeros(drop({ training: false }))).toBe(0);
    expect(zeros(modelFromJSON(drop({ training: false }).toJSON()))).toBe(0);
    expect(() => drop({ trainig: false })).toThrow('Did you mean "training"?');
  });

  it("takes integers as they were declared", () => {
    const ids = input({ shape: [2], dtype: "int32" });
    const net = model({ inputs: ids, outputs: flatten().apply(layers.embedding({ inputDim: 5, outputDim: 3 }).apply(ids)) });
    const table = net.weights[0]!.arraySync() as number[][];
    expect(net.apply(tensor([[4, 1]], undefined, "int32")).arraySync()).toEqual([[...table[4]!, ...table[1]!]]);
  });
});

/** Tells which elements its input's mask keeps. */
class Kept extends Layer {
  override readonly type = "Kept";
  constructor(options: object = {}) {
    super("kept", options);
  }
  override outputShape([time]: Shape): Shape {
    return [time!];
  }
  call(x: Tensor, { mask }: CallOptions): Tensor {
    return (mask ?? x.mean(-1).mul(0).sub(1)).cast("float32");
  }
  protected override ownConfig(): Record<string, never> {
    return {};
  }
}

describe("masks", () => {
  const ids = tensor([[3, 0, 2]], undefined, "int32");
  const embedding = (): ReturnType<typeof layers.embedding> => layers.embedding({ inputDim: 5, outputDim: 2, maskZero: true });

  it("go from the layer that makes them to those that use them, through layers that let them pass", () => {
    const x = input({ shape: [3], dtype: "int32" });
    expect(model({ inputs: x, outputs: new Kept().apply(dense({ units: 2 }).apply(embedding().apply(x))) }).apply(ids).arraySync()).toEqual([[1, 0, 1]]);
    expect(sequential([embedding(), dense({ units: 2 }), new Kept()]).apply(ids).arraySync()).toEqual([[1, 0, 1]]);
    expect(new Kept().apply(tensor([[[1], [2]]])).arraySync()).toEqual([[-1, -1]]);
  });

  it("come out of models inside, and go into them", () => {
    const inner = sequential([embedding(), dense({ units: 2 })]);
    expect(sequential([inner, sequential([dense({ units: 2 }), new Kept()])]).apply(ids).arraySync()).toEqual([[1, 0, 1]]);
    const x = input({ shape: [3], dtype: "int32" });
    const y = input({ shape: [3, 2] });
    const end = model({ inputs: y, outputs: new Kept().apply(y) });
    expect(model({ inputs: x, outputs: end.apply(inner.apply(x)) }).apply(ids).arraySync()).toEqual([[1, 0, 1]]);
  });
});

describe("configurations", () => {
  const interleaved = (): Functional => {
    const x = input({ shape: [3] });
    const [a, b, c] = [dense({ units: 3, name: "a" }), dense({ units: 3, name: "b" }), dense({ units: 3, name: "c" })];
    const y = a.apply(b.apply(a.apply(x)));
    return model({ seed: 4, inputs: x, outputs: [c.apply(x), y] });
  };
  const nested = (): Model => sequential({ seed: 5, layers: [sequential([dense({ units: 3, inputShape: [3] })]), model(towerOptions()), dense({ units: 1 })] });
  const towerOptions = (): Parameters<typeof model>[0] => {
    const x = input({ shape: [3] });
    return { name: "tower", inputs: x, outputs: layers.add().apply([x, dense({ units: 3 }).apply(x)]) };
  };

  it.each([["branches", branched], ["a layer used before and after another", interleaved], ["models in models", nested]])("of %s give the same model, text and starting weights", (_what, make) => {
    const net = make();
    for (const again of [modelFromJSON(net.toJSON()), cloneModel(net)]) {
      expect(again.toJSON()).toBe(net.toJSON());
      expect(again.weights.map(({ name }) => name)).toEqual(net.weights.map(({ name }) => name));
      expect(again.weights[0]).not.toBe(net.weights[0]);
    }
    const xs = net.inputShapes!.map(() => tensor(X));
    const again = cloneModel(net);
    again.setWeights(net.getWeights());
    expect(valuesOf(again.applyAll(xs))).toEqual(valuesOf(net.applyAll(xs)));
  });

  it("keep what is frozen", () => {
    const net = branched();
    net.getLayer("shared").trainable = false;
    expect(modelFromJSON(net.toJSON()).trainableWeights.map(({ name }) => name)).toEqual(["kind/kernel", "kind/bias", "size/kernel", "size/bias"]);
  });

  it.each([
    ["no JSON", "{", "expected JSON"],
    ["no model", "[]", "expected { className, config }"],
    ["an unknown class", '{"className":"Sequental","config":{"layers":[]}}', "expected the topology of a Sequential or Functional model"],
    ["an unknown layer", '{"className":"Sequential","config":{"name":"m","seed":0,"layers":[{"className":"Dens","config":{}}]}}', 'Did you mean "Dense"?'],
    ["a use of no layer", branched().toJSON().replace('{"layer":"kind"', '{"layer":"kin"'), 'uses layer "kin", which it does not have'],
    ["a use of what comes later", branched().toJSON().replace('"takes":[[0,0]]', '"takes":[[5,0]]'), "no layer before gives [5,0]"],
  ])("with %s are refused", (_what, json, message) => {
    expect(() => modelFromJSON(json)).toThrow(message);
  });
});

describe("the summary", () => {
  it("says what is connected to what, counts shared layers once, and opens models inside when told", () => {
    const inner = sequential({ name: "inner", layers: [dense({ units: 3, inputShape: [3] }), sequential({ name: "core", layers: [dense({ units: 3 })] })] });
    const [a, b] = [input({ shape: [3], name: "a" }), input({ shape: [3], name: "b" })];
    const net = model({ inputs: [a, b], outputs: layers.add().apply([inner.apply(a), inner.apply(b)]) });
    const lines = (options?: object): string[] => {
      const found: string[] = [];
      net.summary((line) => found.push(line), options);
      return found;
    };
    expect(lines().slice(2)).toEqual([
      expect.stringMatching(/^Layer \(type\) +Output Shape +Param # +Connected to$/),
      expect.stringMatching(/^=+$/),
      expect.stringMatching(/^a \(InputLayer\) +\(None, 3\) +0$/),
      expect.stringMatching(/^b \(InputLayer\) +\(None, 3\) +0$/),
      expect.stringMatching(/^inner \(Sequential\) +\(None, 3\) +24 +a, b$/),
      expect.stringMatching(/^add \(Add\) +\(None, 3\) +0 +inner, inner$/),
      expect.stringMatching(/^=+$/),
      "Total params: 24 (96 B)", "Trainable params: 24 (96 B)", "Non-trainable params: 0 (0 B)",
      expect.stringMatching(/^_+$/),
    ]); // prettier-ignore
    expect(lines({ expandNested: true }).slice(6, 10).map((line) => line.slice(0, 26).trimEnd())).toEqual(["inner (Sequential)", "  └ dense (Dense)", "  └ core (Sequential)", "    └ dense (Dense)"]);
    expect(lines({ expandNested: true })).toContain("Total params: 24 (96 B)");
    expect(() => lines({ expand: true })).toThrow("summary");
  });
});

describe("refused, and explained:", () => {
  const [a, b] = [input({ shape: [2], name: "a" }), input({ shape: [2], name: "b" })];
  const end = (x: typeof a): typeof a => dense({ units: 1, name: "end" }).apply(x);
  it.each<[what: string, make: () => unknown, error: new (message: string) => Error, message: string]>([
    [
      "a layer applied to the wrong rank",
      () => layers.conv2d({ filters: 2, kernelSize: 3 }).apply(flatten({ name: "flat" }).apply(input({ shape: [28, 28, 1] }))),
      ShapeError,
      'layer "conv2d" (Conv2D): expected images [batch, height, width, channels], got [batch, 784] from layer "flat" (Flatten).',
    ],
    ["tensors among symbolic ones", () => layers.add().apply([a, tensor([[1, 2]])] as never), ValueError, 'layer "add" (Add): expected tensors or symbolic tensors, got both: input 1 is no symbolic tensor.'],
    ["two inputs for a layer of one", () => dense({ units: 1 }).apply([a, b]), ShapeError, 'layer "dense" (Dense): expected one input, got 2.'],
    ["an input no output depends on", () => model({ inputs: [a, b], outputs: end(a) }), ValueError, 'model "functional": no output depends on layer "b" (InputLayer). Leave it out of inputs?'],
    ["an input left out", () => model({ inputs: a, outputs: layers.add().apply([end(a), end(b)]) }), ValueError, 'an output depends on input "b", which is not among its inputs'],
    ["an input that stands twice", () => model({ inputs: [a, a], outputs: end(a) }), ValueError, 'inputs: layer "a" (InputLayer) stands twice.'],
    ["an input that is a result", () => model({ inputs: end(a), outputs: end(a) }), ValueError, 'inputs: expected what input() gave, got the result of layer "end" (Dense).'],
    ["outputs that are no symbolic tensors", () => model({ inputs: a, outputs: tensor([1]) } as never), ValueError, "outputs: expected symbolic tensors"],
    ["two layers of one name", () => model({ inputs: a, outputs: end(end(a)) }), ValueError, 'model "functional": expected layer names to differ, "end" stands twice.'],
    ["a batch axis", () => input({ batchShape: [32, 2] } as never), ValueError, "input: batchShape: the batch axis is left open. Give shape, without it."],
    ["a size that is unknown", () => input({ shape: [null] } as never), ValueError, "input: shape"],
    ["a dtype that is none", () => input({ shape: [2], dtype: "float23" } as never), ValueError, "float32"],
    ["data for one input of two", () => branched().apply(tensor(X)), ShapeError, 'model "branched": expected 2 inputs (a, b), got 1.'],
    ["one result of several", () => branched().asLayer().apply([tensor(X), tensor(X)]), ValueError, "expected one result, it gives 2. Use applyAll()."],
  ])("%s", (_what, make, error, message) => {
    expect(make).toThrow(error);
    expect(make).toThrow(message);
  });
});

it("a functional model trains by fit, with shared layers and two outputs, to a lower loss", async () => {
  const net = branched();
  net.compile({ optimizer: "adam", loss: { kind: "categoricalCrossentropy", size: "meanSquaredError" } });
  const { history } = await net.fit([X, X], [Y, [[6], [1], [5], [3]]], { epochs: 40, batchSize: 4 });
  expect(history["loss"]!.at(-1)!).toBeLessThan(0.8 * history["loss"]![0]!);
});
