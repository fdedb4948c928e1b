// Expected texts are NumPy 2's repr of the same float32, int32 and bool arrays (without its "array(" and with JavaScript's true and false).
import { expect, it } from "vitest";
import type { DType } from "./dtype.js";
import { printArray } from "./print.js";
import { sizeOf } from "./shape.js";

const ROWS: [claim: string, values: number[], shape: number[], dtype: DType, text: string][] = [
  ["whole floats end in a point", [1, 2], [2], "float32", "[1., 2.]"],
  ["points stand under points", [1, 2.5, -10.125], [3], "float32", "[  1.   ,   2.5  , -10.125]"],
  ["as few digits as tell the float32", [0.1, 1 / 3].map(Math.fround), [2], "float32", "[0.1       , 0.33333334]"],
  ["a scalar has no brackets", [3.5], [], "float32", "3.5"],
  ["large numbers have exponents", [1e10, 1.5], [2], "float32", "[1.0e+10, 1.5e+00]"],
  ["small ones too", [2e-5, 1], [2], "float32", "[2.e-05, 1.e+00]"],
  ["and spans above a thousand", [0.001, 123], [2], "float32", "[1.00e-03, 1.23e+02]"],
  ["NaN and infinities", [NaN, Infinity, -Infinity, 1.5], [4], "float32", "[ nan,  inf, -inf,  1.5]"],
  ["negative zero", [-0, 0], [2], "float32", "[-0.,  0.]"],
  ["integers align right", [1, -20, 300, 4], [2, 2], "int32", "[[  1, -20],\n [300,   4]]"],
  ["booleans", [1, 0], [2], "bool", "[ true, false]"],
  ["bytes", [0, 255], [2], "uint8", "[  0, 255]"],
  ["an empty line between matrices", [1, 2, 3, 4], [2, 2, 1], "int32", "[[[1],\n  [2]],\n\n [[3],\n  [4]]]"],
  ["nothing", [], [0], "float32", "[]"],
  ["no rows", [], [2, 0], "float32", "[[],\n []]"],
];

it.each(ROWS)("%s", (_, values, shape, dtype, text) => expect(printArray(values, shape, dtype)).toBe(text));

it("wraps long rows before column 75, and indents", () => {
  const text = printArray(Array.from({ length: 40 }, (_, i) => i), [40], "int32", 7);
  const lines = text.split("\n");
  expect(lines.map((line, i) => (i === 0 ? 7 : 0) + line.length)).toSatisfy((lengths: number[]) => lengths.every((length) => length <= 75));
  expect(lines[1]).toMatch(/^ {8}1\d, /);
  expect(text.replace(/\n +/g, " ")).toBe(`[${Array.from({ length: 40 }, (_, i) => String(i).padStart(2)).join(", ")}]`);
});

it("shows three items at each end of long axes above a thousand elements, and all of a thousand", () => {
  const shape = [30, 40];
  expect(printArray(Array.from({ length: sizeOf(shape) }, (_, i) => i), shape, "int32")).toBe(
    `[[   0,    1,    2, ...,   37,   38,   39],
 [  40,   41,   42, ...,   77,   78,   79],
 [  80,   81,   82, ...,  117,  118,  119],
 ...,
 [1080, 1081, 1082, ..., 1117, 1118, 1119],
 [1120, 1121, 1122, ..., 1157, 1158, 1159],
 [1160, 1161, 1162, ..., 1197, 1198, 1199]]`,
  );
  expect(printArray(new Float32Array(1000), [1000], "float32")).not.toContain("...");
});
