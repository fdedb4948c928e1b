// Padding: elements of unequal length brought to one shape, so that they can be stacked.
import { allocate, type TypedArray } from "../../base/dtype.js";
import { ShapeError } from "../../base/errors.js";
import { showShape, sizeOf, type Shape } from "../../base/shape.js";
import { kindOf, rowOf, Tuple, type Placed } from "./stack.js";

/**
 * The same elements, in which every array and tensor has the largest size of those at its place along each axis; `value` stands behind what there was. Numbers and
 * text stay as they are.
 *
 * Throws ShapeError, naming element and field, where ranks differ.
 */
export async function padded<T>(elements: readonly T[], first: number, value: number): Promise<T[]> {
  return (await paddedField(elements, (i) => `dataset: paddedBatch: element ${first + i}`, "", value)) as T[];
}

async function paddedField(values: readonly unknown[], place: (i: number) => string, field: string, value: number): Promise<readonly unknown[]> {
  const kinds = new Set(values.map(kindOf));
  const kind = kindOf(values[0]);
  const isStructure = kinds.size === 1 && (kind === "fields" || kind === "tuple");
  if (isStructure) return paddedFields(values as readonly Readonly<Record<string, unknown>>[], place, field, value);
  if (![...kinds].every((one) => one === "array" || one === "tensor")) return values;
  const rows = await Promise.all(values.map((one, i) => rowOf(one, () => `${place(i)}${field}`)));
  const rank = rows[0]!.shape.length;
  const other = rows.findIndex(({ shape }) => shape.length !== rank);
  if (other >= 0) throw new ShapeError(`${place(other)}${field}: expected ${rank} axes as in ${showShape(rows[0]!.shape)} before it, got ${showShape(rows[other]!.shape)}.`);
  const shape = rows[0]!.shape.map((_, axis) => Math.max(...rows.map((row) => row.shape[axis]!)));
  return rows.map(({ data, shape: own, dtype }): Placed => {
    const filled = (dtype === "float16" ? new Float32Array(sizeOf(shape)) : allocate(dtype, sizeOf(shape))).fill(value);
    copyInto(filled, shape, data as TypedArray, own);
    return { data: filled, shape };
  });
}

async function paddedFields(values: readonly Readonly<Record<string, unknown>>[], place: (i: number) => string, field: string, value: number): Promise<readonly unknown[]> {
  const columns = await Promise.all(Object.keys(values[0]!).map(async (key) => [key, await paddedField(values.map((one) => one[key]), place, `${field}, ${key}`, value)] as const));
  const isTuple = Array.isArray(values[0]);
  return values.map((_, i) => (isTuple ? Tuple.from(columns.map(([, column]) => column[i])) : Object.fromEntries(columns.map(([key, column]) => [key, column[i]]))));
}

/** Row by row of the last axis. */
function copyInto(to: TypedArray, shape: Shape, from: TypedArray, own: Shape): void {
  const width = own.length === 0 ? 1 : own[own.length - 1]!;
  const lines = width === 0 ? 0 : sizeOf(own) / width;
  for (let line = 0; line < lines; line++) {
    let [rest, at, stride] = [line, 0, own.length === 0 ? 1 : shape[shape.length - 1]!];
    for (let axis = own.length - 2; axis >= 0; axis--) {
      at += (rest % own[axis]!) * stride;
      rest = Math.floor(rest / own[axis]!);
      stride *= shape[axis]!;
    }
    to.set(from.subarray(line * width, (line + 1) * width), at);
  }
}
