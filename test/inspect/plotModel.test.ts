// Models as pictures: every layer is a box with its shapes, every tensor an arrow, in each kind of model.
import { describe, expect, test } from "vitest";
import { plotModel } from "../../src/inspect/index.js";
import { input, layers, model, sequential } from "../../src/nn/index.js";

const { dense } = layers;

/** Texts of the boxes, one list each, and the labels of the arrows. */
function read(svg: string): { boxes: string[][]; arrows: string[]; kinds: string[] } {
  const texts = (part: string): string[] => [...part.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text!);
  return {
    boxes: [...svg.matchAll(/<g class="box [\s\S]*?<\/g>/g)].map(([box]) => texts(box)),
    arrows: [...svg.matchAll(/<g class="arrow">.*?<\/g>/g)].map(([arrow]) => texts(arrow)[0]!),
    kinds: [...svg.matchAll(/<g class="box (\w+)"/g)].map(([, kind]) => kind!),
  };
}

function towers(): ReturnType<typeof model> {
  const shared = dense({ units: 4, activation: "relu", name: "tower" });
  const encoder = sequential({ name: "encoder", layers: [dense({ units: 3, inputShape: [4] }), dense({ units: 2, name: "code" })] });
  const [a, b] = [input({ shape: [8], name: "left" }), input({ shape: [8], name: "right" })];
  const [codeA, codeB] = [encoder.apply(shared.apply(a)), encoder.apply(shared.apply(b))];
  const head = dense({ units: 1, name: "head" }).apply(codeA);
  return model({ name: "twins", inputs: [a, b], outputs: [head, codeB] });
}

describe("plotModel", () => {
  test("draws a sequential model as a chain that begins with its input", () => {
    const net = sequential({ layers: [dense({ units: 16, inputShape: [784], activation: "relu" }), layers.dropout({ rate: 0.5 }), dense({ units: 10 })] });
    const { boxes, arrows, kinds } = read(plotModel(net));
    expect(boxes).toEqual([
      ["input"],
      ["dense", "Dense", "in  (None, 784)", "out (None, 16)", "12,560 parameters"],
      ["dropout", "Dropout", "in  (None, 16)", "out (None, 16)"],
      ["dense_1", "Dense", "in  (None, 16)", "out (None, 10)", "170 parameters", "output"],
    ]);
    expect(arrows).toEqual(["784", "16", "16"]);
    expect(kinds).toEqual(["input", "variable", "elementwise", "variable"]);
  });

  test("draws a shared layer once, with all its arrows, and a model inside as one box", () => {
    const { boxes, arrows } = read(plotModel(towers()));
    expect(boxes.map(([name]) => name).sort()).toEqual(["encoder", "head", "left", "right", "tower"]);
    expect(boxes.find(([name]) => name === "encoder")).toEqual(["encoder", "Sequential", "in  (None, 4)", "out (None, 2)", "23 parameters", "output"]);
    expect([...arrows].sort()).toEqual(["2", "4", "4", "8", "8"]);
  });

  test("draws the model inside layer by layer when asked", () => {
    const svg = plotModel(towers(), { expandNested: true });
    const { boxes, arrows } = read(svg);
    expect(boxes.map(([name]) => name).sort()).toEqual(["code", "dense", "head", "left", "right", "tower"]);
    expect([...arrows].sort()).toEqual(["2", "3", "4", "4", "8", "8"]);
    expect(svg).toContain(">encoder</text>");
  });

  test("says which layers are frozen, and leaves shapes out when told", () => {
    const net = sequential([dense({ units: 2, inputShape: [3], trainable: false })]);
    expect(read(plotModel(net, { showShapes: false })).boxes[1]).toEqual(["dense", "Dense", "8 parameters, frozen", "output"]);
  });

  test("refuses a model whose shapes are not known, and options it does not have", () => {
    expect(() => plotModel(sequential([dense({ units: 2 })]))).toThrow('plotModel: model "sequential" is not built, so its shapes are not known.');
    expect(() => plotModel(sequential([dense({ units: 2, inputDim: 1 })]), { showShape: false } as object)).toThrow('Did you mean "showShapes"?');
  });
});
