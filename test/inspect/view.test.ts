// Graphs to be seen: every form holds every node, with its shape, bytes and work; pages need nothing else and hold together in an XML parser's eyes.
import { beforeAll, describe, expect, test } from "vitest";
import { compile, init, matmul, relu, square, sum, tensor, variable, variableGrads, type Tensor, type Variable } from "../../src/engine/index.js";
import { graphOf } from "../../src/inspect/index.js";
import { attention, lenetStep } from "./networks.js";

beforeAll(() => init());

const x = tensor(new Float32Array(6), [2, 3]);
const layer = (w: Variable) => (a: Tensor): Tensor => relu(matmul(a, w).mul(2));
const weights = (): Variable => variable(tensor(new Float32Array(12), [3, 4]), { name: "w" });

describe("a graph", () => {
  test("[G2] as DOT: a box an op with shape, bytes and FLOPs, an arrow an operand with its shape", () => {
    const dot = graphOf(layer(weights()), x).toDot();
    expect(dot).toMatch(/^digraph "trace" \{/);
    expect(dot).toContain('[label="matmul\\nfloat32[2, 4]\\n32 B · 48 FLOP"');
    expect(dot).toContain('[label="w\\nfloat32[3, 4]\\n48 B"');
    expect(dot).toContain('[label="mul\\nfloat32[2, 4]\\n32 B · 8 FLOP\\n2"');
    expect(dot.match(/ -> /g)).toHaveLength(5); // x and w into matmul, matmul → mul → relu → result
    expect(dot).toContain('[label="3×4"]');
  });

  test("as Mermaid", () => {
    const text = graphOf(layer(weights()), x).toMermaid();
    expect(text).toContain("flowchart TD");
    expect(text).toContain('n2[["matmul<br/>float32[2, 4]<br/>32 B · 48 FLOP"]]');
    expect(text.match(/-->/g)).toHaveLength(5);
  });

  test("as SVG: no box leaves the picture or covers another", () => {
    for (const svg of [graphOf(attention(16), tensor(new Float32Array(160), [10, 16])).toSVG(), graphOf(lenetStep(), tensor(new Float32Array(8 * 784), [8, 28, 28, 1]), tensor(new Float32Array(80), [8, 10])).toSVG()]) {
      const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg)!.map(Number);
      const boxes = [...svg.matchAll(/class="box[^>]*translate\(([\d.-]+) ([\d.-]+)\)"><title>[^<]*<\/title><rect width="([\d.]+)" height="([\d.]+)"/g)].map(([, ...numbers]) => numbers.map(Number) as [number, number, number, number]);
      expect(boxes.length).toBeGreaterThan(10);
      expect(boxes.filter(([left, top, w, h]) => !(left >= 0 && top >= 0 && left + w <= width! && top + h <= height!))).toEqual([]);
      const overlaps = boxes.flatMap((a, i) => boxes.slice(i + 1).filter((b) => a[0] < b[0] + b[2] && b[0] < a[0] + a[2] && a[1] < b[1] + b[3] && b[1] < a[1] + a[3]));
      expect(overlaps).toEqual([]);
    }
  });

  test("updates stand in the box of the step that makes them, an optimizer's slots with them", () => {
    const text = graphOf(lenetStep(), tensor(new Float32Array(8 * 784), [8, 28, 28, 1]), tensor(new Float32Array(80), [8, 10])).toDot();
    expect(text).toMatch(/label="adamStep\\n[^"]*dense_2\/kernel :=/);
    expect(text).not.toMatch(/label="[^"\\]*velocity[^"\\]*\\n/);
  });

  test("after each pass, by name; another name is refused with those there are", () => {
    const view = graphOf(layer(weights()), x);
    expect(view.stages[0]!.name).toBe("trace");
    expect(view.toString("fuse")).toMatch(/= tile\(/);
    expect(view.toString("program")).toMatch(/f32_gemm/);
    expect(() => view.toDot("magic")).toThrow(/graph: no stage is called "magic"; expected trace, .*fuse or program/);
  });

  test("of a function does not run it: variables keep their values", () => {
    const w = weights();
    w.assign(tensor(new Float32Array(12).fill(3), [3, 4]));
    const step = (a: Tensor): Tensor => {
      const { value, grads } = variableGrads(() => sum(square(matmul(a, w))));
      w.assign(w.sub(grads.get(w)!));
      return value;
    };
    expect(graphOf(step, x).toDot()).toContain("w :=");
    expect([...w.dataSync()]).toEqual(new Array(12).fill(3));
  });

  test("as a page: one file, no address but names of formats, every stage that changed something", () => {
    const html = graphOf(layer(weights()), x).toHTML("A <layer>");
    expect(html).toContain("<h1>A &lt;layer&gt;</h1>");
    expect([...html.matchAll(/(?:https?:)?\/\/[^"' )]+/g)].map(([url]) => url).filter((url) => url !== "http://www.w3.org/2000/svg")).toEqual([]);
    expect([...html.matchAll(/data-view="\d+"[^>]*>([^<]+)/g)].map(([, name]) => name)).toEqual(["trace", "fuse", "program"]);
    for (const tag of ["svg", "g", "table", "div", "text"]) expect(html.match(new RegExp(`<${tag}[ >]`, "g"))?.length, tag).toBe(html.match(new RegExp(`</${tag}>`, "g"))?.length);
  });
});

describe("cost", () => {
  test("counts operations, bytes, arena and steps: of a product, the 2·m·n·k that it is", () => {
    const w = weights();
    const fn = compile(layer(w));
    const { flops, steps, bytes, arenaBytes, stateBytes } = fn.cost(x);
    expect(flops).toBe(2 * 2 * 4 * 3 + 2 * 4 * 2);
    expect(steps).toBe(2);
    expect(bytes).toBe(24 + 48 + 32 + (32 + 4 + 32));
    expect(arenaBytes).toBeGreaterThanOrEqual(0);
    expect(stateBytes).toBe(48);
    expect(graphOf(layer(w), x).cost()).toEqual(fn.cost(x));
  });
});
