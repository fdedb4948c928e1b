// Pictures in Mermaid's flowchart language, which wikis and repositories draw by themselves.
import type { Kind, Picture } from "./picture.js";

/** How each kind is framed. */
const FRAMES: Readonly<Record<Kind, readonly [open: string, close: string]>> = {
  input: ["([", "])"], variable: ["[(", ")]"], constant: ["([", "])"], view: ["[/", "/]"], elementwise: ["[", "]"], contraction: ["[[", "]]"], other: ["[", "]"], result: ["((", "))"], update: ["[(", ")]"],
}; // prettier-ignore

export function toMermaid({ title, boxes, arrows }: Picture): string {
  const devices = [...new Set(boxes.flatMap(({ device }) => device ?? []))];
  const line = ({ id, title: head, lines, kind }: Picture["boxes"][number]): string => {
    const [open, close] = FRAMES[kind];
    return `${id}${open}"${[head, ...lines].map(escaped).join("<br/>")}"${close}`;
  };
  return [
    `---`,
    `title: ${JSON.stringify(title)}`,
    `---`,
    "flowchart TD",
    ...devices.flatMap((name, i) => [`  subgraph d${i}["${escaped(name)}"]`, ...boxes.filter(({ device }) => device === name).map((box) => `    ${line(box)}`), "  end"]),
    ...boxes.filter(({ device }) => device === undefined).map((box) => `  ${line(box)}`),
    ...arrows.map(({ from, to, label }) => `  ${from} -->|"${escaped(label)}"| ${to}`),
  ].join("\n");
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
