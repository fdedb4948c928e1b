// The summary of a model: a table of its layers, as Keras prints it.
import { sizeOf, type Shape } from "../base/shape.js";
import type { Layer } from "./layer.js";

/** Columns are at least this wide; a longer cell widens its column. */
const WIDTHS = [30, 26, 14] as const;

/** Lines of the table. shapes: output shape of each layer. */
export function summaryLines(modelName: string, layers: readonly Layer[], shapes: readonly Shape[]): string[] {
  const trainable = countElements(layers.flatMap(({ trainableWeights }) => trainableWeights));
  const total = countElements(layers.flatMap(({ weights }) => weights));
  const rows = [
    ["Layer (type)", "Output Shape", "Param #"],
    ...layers.map((layer, i) => [`${layer.name} (${layer.type})`, `(${["None", ...shapes[i]!].join(", ")})`, showCount(layer.countParams())]),
  ];
  const widths = WIDTHS.map((width, column) => Math.max(width, ...rows.map((cells) => cells[column]!.length + 2)));
  const [head, ...table] = rows.map((cells) => cells.map((cell, column) => cell.padEnd(widths[column]!)).join("").trimEnd());
  const line = widths.reduce((sum, width) => sum + width, 0);
  return [
    `Model: "${modelName}"`,
    "_".repeat(line),
    head!,
    "=".repeat(line),
    ...table,
    "=".repeat(line),
    `Total params: ${showCount(total)} (${showBytes(4 * total)})`,
    `Trainable params: ${showCount(trainable)} (${showBytes(4 * trainable)})`,
    `Non-trainable params: ${showCount(total - trainable)} (${showBytes(4 * (total - trainable))})`,
    "_".repeat(line),
  ];
}

function countElements(weights: readonly { readonly shape: Shape }[]): number {
  return weights.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
}

/** 407050 as "407,050". */
function showCount(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, ",");
}

function showBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 ** 2 ? `${(bytes / 1024).toFixed(2)} KB` : `${(bytes / 1024 ** 2).toFixed(2)} MB`;
}
