// The summary of a model: a table of its layers, as Keras prints it.
import { sizeOf, type Shape } from "../base/shape.js";
import type { Layer } from "./layer.js";

/** One layer of a table: shapes of its results, and where its inputs come from when layers do not simply follow one another. */
export interface SummaryRow {
  readonly layer: Layer;
  readonly shapes: readonly Shape[];
  readonly from?: readonly string[];
}

/** Columns are at least this wide; a longer cell widens its column. */
const WIDTHS = [30, 26, 14, 20] as const;

/** Lines of the table. rowsInside: what follows the row of a layer, indented */
export function summaryLines(modelName: string, rows: readonly SummaryRow[], rowsInside: (layer: Layer) => readonly SummaryRow[] = () => []): string[] {
  const layers = rows.map(({ layer }) => layer);
  const trainable = countElements(layers.flatMap(({ trainableWeights }) => trainableWeights));
  const total = countElements(layers.flatMap(({ weights }) => weights));
  const connected = rows.some(({ from }) => from !== undefined);
  const cells = [
    ["Layer (type)", "Output Shape", "Param #", ...(connected ? ["Connected to"] : [])],
    ...nested(rows, rowsInside).map(({ indent, layer, shapes, from = [] }) => [
      `${indent}${layer.name} (${layer.type})`,
      shapes.map((shape) => `(${["None", ...shape].join(", ")})`).join(" ") || "?",
      showCount(layer.countParams()),
      ...(connected ? [from.join(", ")] : []),
    ]),
  ];
  const widths = cells[0]!.map((_, column) => Math.max(WIDTHS[column]!, ...cells.map((row) => row[column]!.length + 2)));
  const [head, ...table] = cells.map((row) => row.map((cell, column) => cell.padEnd(widths[column]!)).join("").trimEnd());
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

/** Rows, each followed by those of what is inside it, with their indents. */
function nested(rows: readonly SummaryRow[], rowsInside: (layer: Layer) => readonly SummaryRow[], depth = 0): readonly (SummaryRow & { readonly indent: string })[] {
  const indent = depth === 0 ? "" : `${"  ".repeat(depth)}└ `;
  return rows.flatMap((row) => [{ ...row, indent }, ...nested(rowsInside(row.layer), rowsInside, depth + 1)]);
}

function countElements(weights: readonly { readonly shape: Shape }[]): number {
  return [...new Set(weights)].reduce((sum, { shape }) => sum + sizeOf(shape), 0);
}

/** 407050 as "407,050". */
function showCount(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, ",");
}

function showBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 ** 2 ? `${(bytes / 1024).toFixed(2)} KB` : `${(bytes / 1024 ** 2).toFixed(2)} MB`;
}
