// Layers of one's own that say as little as possible: a function, and weights if they have any.
import { beforeAll, describe, expect, it } from "vitest";
import { ShapeError, ValueError } from "../base/errors.js";
import type { Shape } from "../base/shape.js";
import { concat, init, sum, tensor, type Tensor, type Variable } from "../engine/index.js";
import { input, Layer, layers, model, modelFromBytes, modelToBytes, sequential, sgd, type CallOptions, type Config, type LayerOptions } from "./index.js";

beforeAll(() => init());

const { dense } = layers;

/** A linear layer, as short as one can write it. */
class MyLinear extends Layer {
  kernel?: Variable;
  override createWeights([size]: Shape): void {
    this.kernel = this.addWeight("kernel", [size!, 2]);
  }
  override call(x: Tensor): Tensor {
    return x.matmul(this.kernel!);
  }
}

/** Takes an option. */
class Times extends Layer {
  readonly factor: number;
  constructor(options: LayerOptions & { factor?: number } = {}) {
    super(options);
    this.factor = options.factor ?? 1;
  }
  override call(x: Tensor): Tensor {
    return x.mul(this.factor);
  }
}

const X = [[1, 2, 3], [4, 5, 6]];

describe("a layer of one's own without outputShape, ownConfig, type and constructor", () => {
  it("learns its shape from call(), in rows and graphs, and starts with the weights that a layer which says it would have", () => {
    const x = input({ shape: [3] });
    for (const net of [sequential({ seed: 3, layers: [new MyLinear({ inputShape: [3] }), dense({ units: 4 })] }), model({ seed: 3, inputs: x, outputs: dense({ units: 4 }).apply(new MyLinear().apply(x)) })]) {
      expect([net.outputShapes, net.layers.at(-2)!.type, net.layers.at(-2)!.name]).toEqual([[[4]], "MyLinear", "my_linear"]);
      const said = sequential({ seed: 3, layers: [dense({ units: 2, useBias: false, inputShape: [3] }), dense({ units: 4 })] });
      expect(net.getWeights().map((weight) => weight.arraySync())).toEqual(said.getWeights().map((weight) => weight.arraySync()));
      expect(net.predictOnBatch(X).arraySync()).toEqual(said.predictOnBatch(X).arraySync());
    }
  });

  it("makes its weights once, whatever it keeps them in", () => {
    class Listed extends Layer {
      readonly kept: Variable[] = [];
      override createWeights([size]: Shape): void {
        for (const name of ["a", "b"]) this.kept.push(this.addWeight(name, [size!], "ones"));
      }
      override call(x: Tensor): Tensor {
        return this.kept.reduce((y: Tensor, weight) => y.add(weight), x);
      }
    }
    const layer = new Listed();
    const x = input({ shape: [3] });
    const net = model({ inputs: x, outputs: layer.apply(x) });
    expect([layer.kept.length, layer.weights.length, net.countParams()]).toEqual([2, 2, 6]);
    expect(net.predictOnBatch(X).arraySync()).toEqual([[3, 4, 5], [6, 7, 8]]);
  });

  it("trains, is saved and read with the options that its constructor hands on", async () => {
    const net = sequential([new Times({ factor: 3, inputShape: [3] }), new MyLinear({ name: "mine" }), new Times()]);
    net.compile({ optimizer: sgd(0.001), loss: "mse" });
    const { history } = await net.fit(X, [[1, 0], [0, 1]], { epochs: 3 });
    expect(history["loss"]!.at(-1)).toBeLessThan(history["loss"]![0]!);
    const again = modelFromBytes(await modelToBytes(net), "file", { Times, MyLinear });
    expect(again.layers.map(({ name, type }) => `${name} ${type}`)).toEqual(["times Times", "mine MyLinear", "times_1 Times"]);
    expect((again.layers[0] as Times).factor).toBe(3);
    expect(again.predictOnBatch(X).arraySync()).toEqual(net.predictOnBatch(X).arraySync());
  });

  it("may take several inputs and give several results", () => {
    class Both extends Layer {
      override callAll(xs: readonly Tensor[]): readonly Tensor[] {
        return [concat([...xs], -1), xs[0]!.mul(2)];
      }
      override call(x: Tensor): Tensor {
        return x;
      }
    }
    const [a, b] = [input({ shape: [3] }), input({ shape: [2] })];
    expect(new Both().applyAll([a, b]).map(({ shape }) => shape)).toEqual([[5], [3]]);
  });

  it("is tried again for another shape, with the options of a call that infers", () => {
    const seen: unknown[] = [];
    class Seen extends Layer {
      override call(x: Tensor, options: CallOptions): Tensor {
        seen.push([x.shape, options]);
        return x;
      }
    }
    const layer = new Seen();
    expect([layer.outputShape([3]), layer.outputShape([2, 2])]).toEqual([[3], [2, 2]]);
    expect(seen).toEqual([[[2, 3], {}], [[2, 2, 2], {}]]);
  });

  class Forgetful extends Layer {
    readonly rate: number;
    constructor(rate: number) {
      super();
      this.rate = rate;
    }
    override call(x: Tensor): Tensor {
      return x.mul(this.rate);
    }
  }
  class Loses extends Times {
    constructor({ factor = 2, ...others }: LayerOptions & { factor?: number } = {}) {
      super(others);
      Object.assign(this, { factor });
    }
  }
  class Nameless extends Layer {
    constructor() {
      super();
    }
    override call(x: Tensor): Tensor {
      return x;
    }
  }
  class Summed extends Layer {
    override call(x: Tensor): Tensor {
      return sum(x);
    }
  }
  class Inner extends Layer {
    readonly inner = dense({ units: 2 });
    override call(x: Tensor): Tensor {
      return this.inner.apply(x);
    }
  }
  class Late extends Layer {
    override call(x: Tensor): Tensor {
      return x.mul(this.addWeight("late", [3]));
    }
  }
  const WRONG: [what: string, work: () => unknown, kind: new (message: string) => Error, message: string][] = [
    ["an argument that is no option", () => sequential([new Forgetful(0.5)]).toJSON(), ValueError, 'layer "forgetful" (Forgetful): made again from {"name":"forgetful","trainable":true} its rate is {"name":"forgetful","trainable":true} instead of 0.5. Hand the options on'],
    ["an option that is not handed on", () => sequential([new Loses({ factor: 5 })]).toJSON(), ValueError, "its factor is 2 instead of 5. Hand the options on"],
    ["a name that is not handed on", () => sequential([new Nameless(), new Nameless()]).toJSON(), ValueError, 'its name is "nameless" instead of "nameless_1"'],
    ["a result without the batch axis", () => new Summed().outputShape([3]), ShapeError, 'layer "summed" (Summed): expected call() to keep the batch axis: for 2 examples it gives []'],
    ["layers inside", () => new Inner().outputShape([3]), ValueError, 'layer "inner" (Inner): layer "dense" in its properties would not be trained or saved. Let the class extend Model instead of Layer'],
    ["weights made in call()", () => new Late().apply(tensor(X)), ValueError, 'expected weights to be added in createWeights(inputShape), "late" is added elsewhere'],
    ["a shape that call() cannot take", () => sequential([dense({ units: 2, inputShape: [3] }), new (class extends MyLinear { override call(x: Tensor): Tensor { return x.matmul(tensor(X)).add(tensor([1, 2])); } })({ name: "odd" })]), ShapeError, 'call() cannot take [batch, 2] from layer "dense" (Dense): '],
  ];
  it.each(WRONG)("names %s, and the cure", (_what, work, kind, message) => {
    expect(work).toThrow(kind);
    expect(work).toThrow(message);
  });

  it("may make its weights in build(), as Keras has it", async () => {
    class Built extends Layer {
      kernel?: Variable;
      override build(inputShape: Shape): void {
        this.kernel = this.addWeight("kernel", [inputShape.at(-1)!, 2]);
        super.build(inputShape);
      }
      override call(x: Tensor): Tensor {
        return x.matmul(this.kernel!);
      }
    }
    const x = input({ shape: [3] });
    const nets = [sequential({ seed: 3, layers: [new Built({ inputShape: [3] })] }), model({ seed: 3, inputs: x, outputs: new Built().apply(x) }), sequential({ seed: 3, layers: [new MyLinear({ inputShape: [3] })] })];
    const [first, ...others] = nets.map((net) => net.predictOnBatch(X).arraySync());
    expect(others).toEqual([first, first]);
    expect(new Built().apply(tensor(X)).shape).toEqual([2, 2]);
  });

  it("is one of the layers, as the library's own are", () => {
    expect([new Times(), dense({ units: 1 }), {}].map((one) => one instanceof Layer)).toEqual([true, true, false]);
    expect([new Times(), dense({ units: 1 })].map((one) => one instanceof Times)).toEqual([true, false]);
    const found: Layer = sequential([new Times()]).getLayer("times");
    expect(found.type).toBe("Times");
  });

  it("still may say its configuration", () => {
    class Says extends Forgetful {
      protected override ownConfig(): Config {
        return { rate: this.rate };
      }
    }
    expect(new Says(0.5).config()).toEqual({ name: "says", rate: 0.5 });
  });
});
