// Pictures in the DOT language, for Graphviz and whatever reads it.
import type { Kind, Picture } from "./picture.js";

const COLOURS: Readonly<Record<Kind, string>> = {
  input: "#cfe3ff", variable: "#ffe2b8", constant: "#eeeeee", view: "#f7f7f7", elementwise: "#d8f3dc", contraction: "#ffd6d6", other: "#e8dcff", result: "#ffffff", update: "#fff3a3",
}; // prettier-ignore

export function toDot({ title, boxes, arrows }: Picture): string {
  const devices = [...new Set(boxes.flatMap(({ device }) => device ?? []))];
  const lines = boxes.map(({ id, title: head, lines: text, kind, device }) => {
    const label = [head, ...text].map(escaped).join("\\n");
    return { device, line: `${id} [label="${label}", fillcolor="${COLOURS[kind]}"];` };
  });
  const clusters = devices.map((name, i) => [`  subgraph cluster_${i} {`, `    label="${escaped(name)}";`, ...lines.filter(({ device }) => device === name).map(({ line }) => `    ${line}`), "  }"].join("\n"));
  return [
    `digraph "${escaped(title)}" {`,
    `  rankdir=TB; node [shape=box, style="rounded,filled", fontname="Helvetica", fontsize=11]; edge [fontname="Helvetica", fontsize=9];`,
    ...clusters,
    ...lines.filter(({ device }) => device === undefined).map(({ line }) => `  ${line}`),
    ...arrows.map(({ from, to, label }) => `  ${from} -> ${to} [label="${escaped(label)}"];`),
    "}",
  ].join("\n");
}

function escaped(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll('"', '\\"');
}
