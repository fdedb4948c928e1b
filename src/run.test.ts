import { describe, expect, it } from "vitest";
import { at, Hand } from "../test/executor.contract.js";
import { DTypeError, FormatError, ShapeError, ValueError } from "./base/errors.js";
import { writeSafetensors, type StoredTensor } from "./formats/safetensors.js";
import { NAMES_KEY, PROGRAM_KEY, type Program, type Slot } from "./program/program.js";
import { loadProgram } from "./run.js";

/** y = x + w for two numbers; x may be of another dtype. */
function adder(dtype: Slot["dtype"] = "float32"): Program {
  const hand = new Hand();
  const [x, w, y] = [hand.slot("input", [1, 2], dtype), hand.slot("state", [2]), hand.slot("output", [1, 2])];
  const program = hand.program({ inputs: [x], outputs: [y], states: [w], steps: [hand.add(x, w, y)] });
  return { ...program, slots: program.slots.map((slot, i) => (i === w ? { ...slot, name: "w" } : slot)) };
}

/** y = w[x]. */
function picker(): Program {
  const hand = new Hand();
  const [x, w, y] = [hand.slot("input", [1], "int32"), hand.slot("state", [2]), hand.slot("output", [1])];
  const program = hand.program({ inputs: [x], outputs: [y], states: [w], steps: [hand.gather(w, x, y)] });
  return { ...program, slots: program.slots.map((slot, i) => (i === w ? { ...slot, name: "w" } : slot)) };
}

const weights = (values: readonly number[], dtype: "F32" | "I32" = "F32"): StoredTensor => {
  const data = dtype === "F32" ? Float32Array.from(values) : Int32Array.from(values);
  return { dtype, shape: [values.length], data: new Uint8Array(data.buffer) };
};

const file = (program: Program | string, w: StoredTensor = weights([10, 20]), names?: object): Uint8Array =>
  writeSafetensors(new Map([["w", w]]), { [PROGRAM_KEY]: typeof program === "string" ? program : JSON.stringify(program), ...(names && { [NAMES_KEY]: JSON.stringify(names) }), author: "me" });

describe("a saved program", () => {
  it("runs, again and again, on arrays of any kind of number", async () => {
    const model = await loadProgram(file(adder()));
    expect([model.inputShape, model.outputShape, model.metadata["author"]]).toEqual([[1, 2], [1, 2], "me"]);
    const first = model.run(Float32Array.of(1, 2));
    expect([...model.run(Uint8Array.of(3, 4))]).toEqual([13, 24]);
    expect([...model.run(Int32Array.of(-1, 0))]).toEqual([9, 20]);
    expect([...first]).toEqual([11, 22]);
    model.release();
    expect(() => model.run(Float32Array.of(1, 2))).toThrow(/released/);
  });

  it('knows its inputs and outputs by name, "input" and "output" where the file does not say', async () => {
    const [plain, named] = [await loadProgram(file(adder())), await loadProgram(file(adder(), weights([10, 20]), { inputs: ["left"], outputs: ["sum"] }))];
    expect([plain.inputs, plain.outputs]).toEqual([[{ name: "input", shape: [1, 2] }], [{ name: "output", shape: [1, 2] }]]);
    expect(named.runAll({ left: Float32Array.of(1, 2) })).toEqual({ sum: Float32Array.of(11, 22) });
    expect(() => named.runAll({ right: Float32Array.of(1, 2) })).toThrow("model: expected the inputs left, got right.");
    expect(() => named.runAll([])).toThrow("model: expected the inputs left, got 0.");
  });

  it("refuses a batch of another size or kind, and reports what a step found", async () => {
    const model = await loadProgram(file(adder()), { name: "adder.safetensors" });
    expect(() => model.run(new Float32Array(3))).toThrow(ShapeError);
    expect(() => model.run(new Float32Array(3))).toThrow(/adder.safetensors: got 3 values, expected \[1, 2\] \(2\)/);
    const pick = await loadProgram(file(picker()));
    expect(pick.run(Int32Array.of(1))[0]).toBe(20);
    expect(() => pick.run(Float32Array.of(1))).toThrow(DTypeError);
    expect(() => pick.run(Int32Array.of(2))).toThrow(ValueError);
  });

  const broken = (change: (program: Program) => unknown): Uint8Array => file(JSON.stringify(change(adder())));
  const rows: readonly (readonly [string, Uint8Array, RegExp])[] = [
    ["a file that is cut", file(adder()).slice(0, -3), /m\.st: /],
    ["a file without a program", writeSafetensors(new Map([["w", weights([1, 2])]]), {}), /m\.st: holds no predict program/],
    ["a program that is no JSON", file("{"), /m\.st: its predict program is not valid JSON/],
    ["a program that is null", file("null"), /m\.st: program: expected an object/],
    ["a program without steps", broken((p) => ({ ...p, steps: undefined })), /steps is no list/],
    ["a slot behind its space", broken((p) => ({ ...p, slots: p.slots.map((slot) => ({ ...slot, offset: slot.offset + 64_000 })) })), /ends at byte/],
    ["an unknown kernel", broken((p) => ({ ...p, steps: [{ ...p.steps[0], kernel: "x" }] })), /kernel x is not known/],
    ["an address outside its slot", broken((p) => ({ ...p, steps: [{ ...p.steps[0], words: [at(1, 9999)] }] })), /byte 9999 of slot 1/],
    ["no inputs", broken((p) => ({ ...p, inputs: [] })), /has 0 inputs and 1 outputs|program: /],
    ["names of other inputs", file(adder(), weights([10, 20]), { inputs: ["a", "b"], outputs: ["c"] }), /"edgegrad\.names" names not the 1 inputs and 1 outputs of its program/],
    ["a weight that is missing", broken((p) => ({ ...p, slots: p.slots.map((slot) => ({ ...slot, name: slot.name && "v" })) })), /reads the weight v, which the file does not hold/],
    ["a weight of another size", file(adder(), weights([1, 2, 3])), /weight w is F32 \[3\], the program expects F32 \[2\]/],
    ["a weight of another dtype", file(adder(), weights([1, 2], "I32")), /weight w is I32 \[2\], the program expects F32 \[2\]/],
  ];
  it.each(rows)("is refused with a FormatError that names the file: %s", async (_, bytes, message) => {
    await expect(loadProgram(bytes, { name: "m.st" })).rejects.toThrow(FormatError);
    await expect(loadProgram(bytes, { name: "m.st" })).rejects.toThrow(message);
  });
});
