// Models of classes of one's own, layers of one's own, freezing, and what all models can do.
import { beforeAll, describe, expect, it } from "vitest";
import { ShapeError, ValueError } from "../base/errors.js";
import type { Shape } from "../base/shape.js";
import { init, tensor, type Tensor, type Variable } from "../engine/index.js";
import { cloneModel, input, Layer, layers, Model, model, modelFromBytes, modelToBytes, sequential, sgd, weightsFromBytes, weightsToBytes, type CallOptions, type Config, type LayerOptions, type Sequential } from "./index.js";
import { getInitializer } from "./initializers.js";

beforeAll(() => init());

const { batchNormalization, dense, dropout } = layers;

const X = [[1, 2, 3], [0, -1, 2], [4, 0, 1], [1, 1, 1]];
const Y = [[1, 0], [0, 1], [1, 0], [0, 1]];

const valuesOf = (tensors: readonly Tensor[]): number[][] => tensors.map((one) => [...one.dataSync()]);

class Scale extends Layer {
  override readonly type = "Scale";
  private factor!: Variable;
  constructor(options: LayerOptions = {}) {
    super("scale", options, []);
  }
  override outputShape(input: Shape): Shape {
    return input;
  }
  protected override createWeights(input: Shape): void {
    this.factor = this.addWeight("factor", [input.at(-1)!], "ones");
  }
  call(x: Tensor): Tensor {
    return x.mul(this.factor);
  }
  protected override ownConfig(): Config {
    return {};
  }
}

class Mine extends Model {
  first = dense({ units: 4, activation: "relu" });
  private readonly blocks = [dense({ units: 4 }), new Scale()];
  last = dense({ units: 2, activation: "softmax", name: "last" });
  constructor() {
    super({ seed: 1 });
  }
  override call(x: Tensor, options: CallOptions): Tensor {
    return [this.first, ...this.blocks, this.last].reduce((y, layer) => layer.apply(y, options), x);
  }
}

describe("a layer of one's own", () => {
  it("trains, is saved and read, and stands in any model", async () => {
    const x = input({ shape: [3] });
    for (const net of [sequential([new Scale({ inputShape: [3] }), dense({ units: 2, activation: "softmax" })]), model({ inputs: x, outputs: dense({ units: 2, activation: "softmax" }).apply(new Scale().apply(x)) })]) {
      net.compile({ optimizer: sgd({ learningRate: 0.5 }), loss: "categoricalCrossentropy" });
      const { history } = await net.fit(X, Y, { epochs: 5 });
      expect(history["loss"]!.at(-1)!).toBeLessThan(history["loss"]![0]!);
      expect(valuesOf([net.weights[0]!])).not.toEqual([[1, 1, 1]]);
      const bytes = await modelToBytes(net);
      for (const made of [Scale, (config: LayerOptions) => new Scale(config)]) expect(valuesOf(modelFromBytes(bytes, "file", { Scale: made }).getWeights())).toEqual(valuesOf(net.getWeights()));
      expect(() => modelFromBytes(bytes)).toThrow('got "Scale"');
    }
  });

  it("is told when it names two weights alike", () => {
    class Twice extends Scale {
      protected override createWeights(shape: Shape): void {
        for (let i = 0; i < 2; i++) this.addWeight("w", shape, getInitializer("ones", "twice"));
      }
    }
    expect(() => new Twice().build([2])).toThrow('layer "scale" (Scale): expected the names of its weights to differ, "w" stands twice.');
  });

  it("is told what its options are, and which initializers there are", () => {
    class Unnamed extends Scale {
      protected override createWeights(shape: Shape): void {
        this.addWeight("w", shape, "one");
      }
    }
    expect(() => new Unnamed().build([2])).toThrow(/layer "scale": w: expected one of zeros, ones.*; got "one". Did you mean "ones"\?/);
    // As JavaScript lets one write it.
    class Wrong extends Scale {
      constructor() {
        super();
        Reflect.construct(Layer, [null], Wrong);
      }
    }
    expect(() => new Wrong()).toThrow('layer "wrong": expected options { name, inputShape, inputDim, trainable }, got null.');
  });
});

describe("nonTrainableWeights", () => {
  it("are moving statistics, and all of a frozen layer", () => {
    const net = sequential([dense({ units: 2, inputShape: [3] }), batchNormalization()]);
    const names = (): string[] => net.nonTrainableWeights.map(({ name }) => name);
    expect(names()).toEqual(["batch_normalization/moving_mean", "batch_normalization/moving_variance"]);
    net.layers[0]!.trainable = false;
    expect(names().slice(0, 2)).toEqual(["dense/kernel", "dense/bias"]);
    expect(net.trainableWeights.length + net.nonTrainableWeights.length).toBe(net.weights.length);
  });
});

describe("a model of a class of one's own", () => {
  it("finds the layers in its properties, in their order, and is built by the first data", async () => {
    const net = new Mine();
    expect(net.built).toBe(false);
    net.compile({ optimizer: "adam", loss: "categoricalCrossentropy", metrics: ["accuracy"] });
    const { history } = await net.fit(X, Y, { epochs: 20 });
    expect(history["loss"]!.at(-1)!).toBeLessThan(history["loss"]![0]!);
    expect(net.weights.map(({ name }) => name)).toEqual(["dense/kernel", "dense/bias", "dense_1/kernel", "dense_1/bias", "scale/factor", "last/kernel", "last/bias"]);
    expect([net.inputShapes, net.outputShapes, net.countParams()]).toEqual([[[3]], [[2]], 16 + 20 + 4 + 10]);
    expect(net.getLayer("last")).toBe(net.last);
  });

  it("has the weights and results of the sequential model of its seed, to the bit", () => {
    const row = sequential({ seed: 1, layers: [dense({ units: 4, activation: "relu", inputShape: [3] }), dense({ units: 4 }), new Scale(), dense({ units: 2, activation: "softmax", name: "last" })] });
    const net = new Mine();
    expect(valuesOf([net.predictOnBatch(X)])).toEqual(valuesOf([row.predictOnBatch(X)]));
  });

  it("gives its weights to another, and stands in other models", async () => {
    const [net, other] = [new Mine(), new Mine()];
    for (const one of [net, other]) one.build([3]);
    net.first.weights[0]!.assign(net.first.weights[0]!.mul(2));
    weightsFromBytes(other, weightsToBytes(net));
    expect(valuesOf([other.predictOnBatch(X)])).toEqual(valuesOf([net.predictOnBatch(X)]));
    const x = input({ shape: [3] });
    const outer = model({ inputs: x, outputs: dense({ units: 1 }).apply(net.apply(x)) });
    expect(outer.weights.map(({ name }) => name)).toContain("model/last/bias");
    await expect(modelToBytes(net)).rejects.toThrow("Save its weights instead");
  });

  it("is told when there is nothing to train", async () => {
    class Hidden extends Model {
      readonly #out = dense({ units: 2 });
      override call(x: Tensor): Tensor {
        return this.#out.apply(x);
      }
    }
    for (const [net, message] of [
      [new Hidden(), "expected weights to train, no layers are seen. Those of a class of your own stand in its properties, alone or in lists, but not in #private ones."],
      [sequential([layers.flatten({ inputShape: [2] })]), "expected weights to train, its layers have none. Add one that has, as layers.dense()."],
    ] as const) {
      net.compile({ optimizer: "sgd", loss: "mse" });
      await expect(net.fit([[1, 2]], [[1, 2]])).rejects.toThrow(message);
    }
  });

  it("is told that it needs a call(), and what it was built for", () => {
    class Empty extends Model {}
    expect(() => new (Empty as new () => Model)().build([3])).toThrow(ValueError);
    const net = new Mine();
    net.build([3]);
    expect(() => net.apply(tensor([[1, 2]]))).toThrow(ShapeError);
    expect(() => net.apply(tensor([[1, 2]]))).toThrow("expected inputs [batch, 3], for which it was built, got [batch, 2]");
  });
});

describe("a model class without a constructor", () => {
  it("is made with the options of all models, or none", () => {
    class Plain extends Model {
      readonly query = dense({ units: 1 });
      readonly key = dense({ units: 1 });
      override call(x: Tensor): Tensor {
        return this.query.apply(x).mul(this.key.apply(x));
      }
    }
    expect(new Plain().name).toBe("model");
    expect(new Plain({ name: "plain", seed: 4 })).toMatchObject({ name: "plain", seed: 4 });
    expect(new Plain().randomKey.dtype).toBe("int32");
  });
});

describe("a data set given to fit, evaluate or predict", () => {
  it("is sent to the method for data sets", async () => {
    const batches = Object.assign([[1]], { async *[Symbol.asyncIterator]() {} });
    const net = sequential([dense({ units: 1, inputShape: [1] })]);
    await expect(net.fit(batches, [[1]])).rejects.toThrow("fit: x: expected arrays or tensors, got a data set: use fitDataset(dataset.batch(32), options).");
    await expect(net.evaluate(batches, [[1]])).rejects.toThrow("evaluate: x: expected arrays or tensors, got a data set: use evaluateDataset(dataset.batch(32), options).");
    await expect(net.predict(batches)).rejects.toThrow("predict: x: expected arrays or tensors, got a data set: use predictDataset(dataset.batch(32), options).");
  });
});

describe("freezing", () => {
  const network = (): Sequential => {
    const net = sequential({ seed: 2, layers: [dense({ units: 3, inputShape: [3], name: "base" }), batchNormalization(), dropout({ rate: 0.2 }), dense({ units: 2, activation: "softmax", name: "head" })] });
    net.compile({ optimizer: sgd({ learningRate: 0.1, momentum: 0.9 }), loss: "categoricalCrossentropy" });
    return net;
  };
  /** Names of the weights that a step of training changes. */
  const moved = async (net: Model): Promise<string[]> => {
    const before = valuesOf(net.getWeights());
    await net.trainOnBatch(X, Y);
    return net.weights.filter((weight, i) => JSON.stringify([...weight.dataSync()]) !== JSON.stringify(before[i])).map(({ name }) => name.split("/")[0]!);
  };

  it("holds from the next step on, without another compile(), and so does thawing", async () => {
    const net = network();
    expect(new Set(await moved(net))).toEqual(new Set(["base", "batch_normalization", "head"]));
    net.getLayer("base").trainable = false;
    expect(new Set(await moved(net))).toEqual(new Set(["batch_normalization", "head"]));
    net.getLayer("batch_normalization").trainable = false;
    expect(new Set(await moved(net))).toEqual(new Set(["head"]));
    net.trainable = true;
    expect(new Set(await moved(net))).toEqual(new Set(["base", "batch_normalization", "head"]));
    net.trainable = false;
    await expect(net.trainOnBatch(X, Y)).rejects.toThrow("expected weights to train, all 8 are frozen. Set trainable = true on the model, or on the layers that shall learn.");
  });

  it("of layers without trainable weights holds, too: a frozen batch normalisation keeps to its averages", async () => {
    const net = sequential([batchNormalization({ scale: false, center: false, inputShape: [3] }), dense({ units: 2, activation: "softmax" })]);
    net.compile({ optimizer: "sgd", loss: "categoricalCrossentropy" });
    expect(await moved(net)).toContain("batch_normalization");
    net.layers[0]!.trainable = false;
    expect(await moved(net)).not.toContain("batch_normalization");
  });

  it("of a model inside another freezes all it holds, and survives a file", async () => {
    const inner = sequential({ name: "inner", layers: [dense({ units: 3, inputShape: [3] }), batchNormalization()] });
    const net = sequential([inner, dense({ units: 2, activation: "softmax", name: "head" })]);
    net.compile({ optimizer: "adam", loss: "categoricalCrossentropy" });
    await net.fit(X, Y);
    net.getLayer("inner").trainable = false;
    expect(inner.layers.map(({ trainable }) => trainable)).toEqual([false, false]);
    expect(new Set(await moved(net))).toEqual(new Set(["head"]));
    const again = modelFromBytes(await modelToBytes(net));
    expect(again.trainableWeights.map(({ name }) => name)).toEqual(["head/kernel", "head/bias"]);
    for (const one of [net, again]) one.trainable = true;
    for (const one of [net, again]) await one.fit(X, Y, { epochs: 2 });
    expect(valuesOf(again.getWeights())).toEqual(valuesOf(net.getWeights()));
  });
});

describe("any model", () => {
  it("adds up the penalties of its layers, each once, of trainable weights only", () => {
    const shared = dense({ units: 2, kernelInitializer: "ones", kernelRegularizer: "l1", name: "shared" });
    const [x, y] = [input({ shape: [2] }), input({ shape: [2] })];
    const inner = model({ name: "inner", inputs: y, outputs: shared.apply(y) });
    const net = model({ inputs: x, outputs: dense({ units: 1, kernelInitializer: "ones", kernelRegularizer: "l2" }).apply(shared.apply(inner.apply(x))) });
    expect(net.countParams()).toBe(6 + 3);
    // l1 and l2 by name: 0.01
    expect(net.losses.map((one) => one.dataSync()[0])).toEqual([Math.fround(0.04), Math.fround(0.02)]);
    shared.trainable = false;
    expect(net.losses.length).toBe(1);
  });

  it("finds layers by name and place", () => {
    const net = sequential([dense({ units: 2, inputDim: 1, name: "first" }), dense({ units: 3, name: "second" })]);
    expect(net.getLayer(1)).toBe(net.getLayer("second"));
    expect(() => net.getLayer("secnd")).toThrow('getLayer: model "sequential" has no layer "secnd"; it has first, second. Did you mean "second"?');
    expect(() => net.getLayer(2)).toThrow("has no layer 2");
  });

  it("of layers in a row loses the last by pop(), and goes on with another", () => {
    const net = sequential([dense({ units: 2, inputDim: 1 }), dense({ units: 3, name: "old" })]);
    expect(net.pop().name).toBe("old");
    expect(net.outputShape).toEqual([2]);
    expect(net.add(dense({ units: 5, name: "new" })).outputShape).toEqual([5]);
    for (let i = 0; i < 2; i++) net.pop();
    expect(() => net.pop()).toThrow("pop: expected layers, there are none");
  });

  it("is cloned with weights of its own", () => {
    const net = sequential({ seed: 1, layers: [dense({ units: 2, inputDim: 1, trainable: false })] });
    net.weights[0]!.assign([[5, 6]]);
    const clone = cloneModel(net);
    expect(clone.trainableWeights).toEqual([]);
    expect(valuesOf([clone.weights[0]!])).not.toEqual([[5, 6]]);
    clone.setWeights(net.getWeights());
    expect(valuesOf([clone.weights[0]!])).toEqual([[5, 6]]);
  });
});

describe("a class of one's own with several inputs and outputs", () => {
  class Both extends Model {
    training = layers.dense({ units: 2 });
    shapes = layers.dense({ units: 1 });
    override call(given: Tensor | readonly Tensor[]): readonly Tensor[] {
      const [a, b] = given as readonly [Tensor, Tensor];
      return [this.training.apply(a), this.shapes.apply(b)];
    }
  }

  it("gets lists and gives lists, whatever its layers are called, and trains", async () => {
    const model = new Both();
    model.buildAll([[3], [2]]);
    model.compile({ optimizer: "sgd", loss: ["meanSquaredError", "meanSquaredError"] });
    const [a, b] = [[[1, 2, 3], [4, 5, 6]], [[1, 0], [0, 1]]];
    const { history } = await model.fit([a, b], [[[0, 1], [1, 0]], [[1], [2]]], { epochs: 5 });
    expect(model.layers.map(({ name }) => name)).toEqual(["dense", "dense_1"]);
    expect(history["loss"]!.at(-1)).toBeLessThan(history["loss"]![0]!);
  });

  it("is built by the first data, or for a list of shapes; before, summary says so", async () => {
    const [A, B] = [tensor([[1, 2, 3], [4, 5, 6]]), tensor([[1, 0], [0, 1]])];
    const model = new Both();
    expect(() => model.summary(() => {})).toThrow('summary: model "model" has no weights yet. Show it data first, by fit() or predict(), or call build(inputShape), of several inputs build([shape, shape]); shapes are those of one example.');
    model.compile({ optimizer: "sgd", loss: ["meanSquaredError", "meanSquaredError"] });
    await expect(model.fit({ a: A, b: B }, [A, B])).rejects.toThrow("fit: x: expected a list, in the order in which call() takes it");
    await model.fit([A, B], [[[0, 1], [1, 0]], [[1], [2]]]);
    const lines: string[] = [];
    model.summary((line) => lines.push(line));
    expect(lines.join("\n")).toContain("Total params: 11");
    expect((await new Both().predict([A, B])).map(({ shape }) => shape)).toEqual([[2, 2], [2, 1]]);
    const built = new Both();
    built.build([[3], [2]]);
    expect(built.outputShapes).toEqual([[2], [1]]);
    expect(() => new Both().build([null, 3] as never)).toThrow("build: expected the shape of one example, without the batch axis, as [28, 28, 1]; got [null,3].");
  });

  it("says so when it gives something else", () => {
    class Wrong extends Model {
      override call(): Tensor {
        return Number(3) as never;
      }
    }
    expect(() => new Wrong().apply(tensor([[1]]))).toThrow(/expected call\(\) to give a tensor or a list of them, got 3/);
  });
});

it("a layer's weights are copied to another one of the same shapes, and to no other", async () => {
  await init();
  const [from, to] = [layers.dense({ units: 2 }), layers.dense({ units: 2 })];
  expect(() => to.setWeights([])).toThrow(/its weights are made when it is built/);
  [from, to].forEach((layer) => layer.build([3]));
  from.weights[1]!.assign([1, 2]);
  to.setWeights(from.getWeights());
  expect(to.getWeights().map((weight) => weight.arraySync())).toEqual(from.getWeights().map((weight) => weight.arraySync()));
  expect(() => to.setWeights([from.weights[0]!])).toThrow(/expected 2 weights \(dense\/kernel, dense\/bias\), got 1/);
});
