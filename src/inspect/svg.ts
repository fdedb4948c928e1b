// Pictures as SVG, laid out in layers from top to bottom. Stands alone: colours for light and dark pages come with it.
import { Graph, layout } from "@dagrejs/dagre";
import type { Box, Kind, Picture } from "./picture.js";

const TITLE_SIZE = 13;
const TEXT_SIZE = 11;
const LINE_HEIGHT = 15;
const PADDING = 10;
/** Widths of a character, em: measured wide, so that no text leaves its box. */
const TITLE_EM = 0.62;
const TEXT_EM = 0.56;

/** Devices are told apart by the colour of their boxes' edges. */
const DEVICE_COLOURS = ["#1f6feb", "#d1242f", "#2da44e", "#bf8700", "#8250df", "#0a7ea4"];

const STYLE = `
.eg{font-family:ui-sans-serif,system-ui,Helvetica,Arial,sans-serif;--ink:#1c2128;--soft:#57606a;--line:#8c959f;--paper:#fff;--input:#cfe3ff;--variable:#ffe2b8;--constant:#eaeef2;--view:#f6f8fa;--elementwise:#d3f0d8;--contraction:#ffd1d1;--other:#e6dcff;--result:#fff;--update:#fff1a8}
@media (prefers-color-scheme:dark){.eg{--ink:#e6edf3;--soft:#a9b3bd;--line:#768390;--paper:#0d1117;--input:#12345c;--variable:#5b3a0c;--constant:#30363d;--view:#1b2129;--elementwise:#124023;--contraction:#5c1a1f;--other:#3a2a66;--result:#0d1117;--update:#524a10}}
.eg rect.paper{fill:var(--paper)}.eg .box rect{stroke:var(--line);stroke-width:1}.eg .box .t{font-size:${TITLE_SIZE}px;font-weight:600;fill:var(--ink)}.eg .box .l{font-size:${TEXT_SIZE}px;fill:var(--soft)}
.eg .arrow path{fill:none;stroke:var(--line);stroke-width:1.2}.eg marker path{fill:var(--line)}.eg .arrow text{font-size:9px;fill:var(--soft);paint-order:stroke;stroke:var(--paper);stroke-width:3px}
.eg .key text{font-size:11px;fill:var(--soft)}`;

const NAMES: Readonly<Record<Kind, string>> = {
  input: "input", variable: "variable", constant: "constant", view: "view: no work", elementwise: "elementwise", contraction: "product", other: "other", result: "result", update: "update",
}; // prettier-ignore

export function toSVG(picture: Picture): string {
  const graph = new Graph({ multigraph: true }).setGraph({ rankdir: "TB", nodesep: 14, edgesep: 6, ranksep: 34, marginx: 16, marginy: 40, ranker: "tight-tree" }).setDefaultEdgeLabel(() => ({}));
  for (const box of picture.boxes) graph.setNode(box.id, sizeOf(box));
  picture.arrows.forEach(({ from, to, label }, i) => graph.setEdge(from, to, { width: label.length * 4, height: 10, labelpos: "c" }, String(i)));
  layout(graph);
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  const devices = [...new Set(picture.boxes.flatMap(({ device }) => device ?? []))];
  const key = keyOf(picture, devices);
  const full = Math.ceil(Math.max(width, key.width + 32));

  const boxes = picture.boxes.map((box) => {
    const { x, y, width: w, height: h } = graph.node(box.id) as Required<Rect>;
    const edge = box.device === undefined ? "" : ` style="fill:var(--${box.kind});stroke:${deviceColour(devices, box.device)};stroke-width:3"`;
    const lines = box.lines.map((line, i) => `<text class="l" x="${PADDING}" y="${PADDING + TITLE_SIZE + (i + 1) * LINE_HEIGHT}">${escaped(line)}</text>`);
    return `<g class="box ${box.kind}" transform="translate(${round(x - w / 2)} ${round(y - h / 2)})"><title>${escaped([box.title, ...box.lines, ...(box.device ? [box.device] : [])].join("\n"))}</title><rect width="${round(w)}" height="${round(h)}" rx="${box.kind === "result" || box.kind === "input" ? 14 : 5}"${edge || ` style="fill:var(--${box.kind})"`}/><text class="t" x="${PADDING}" y="${PADDING + TITLE_SIZE - 2}">${escaped(box.title)}</text>${lines.join("")}</g>`;
  });
  const arrows = picture.arrows.map(({ from, to, label }, i) => {
    const { points, x, y } = graph.edge(from, to, String(i)) as { points: { x: number; y: number }[]; x: number; y: number };
    return `<g class="arrow"><path d="${curve(points)}" marker-end="url(#head)"/><text x="${round(x)}" y="${round(y + 3)}" text-anchor="middle">${escaped(label)}</text></g>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="eg" viewBox="0 0 ${full} ${Math.ceil(height)}" width="${full}" height="${Math.ceil(height)}" role="img" aria-label="${escaped(picture.title)}">`,
    `<style>${STYLE}</style><defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path d="M0 0 8 4 0 8z"/></marker></defs>`,
    `<rect class="paper" width="100%" height="100%"/>`,
    ...arrows,
    ...boxes,
    key.svg,
    "</svg>",
  ].join("\n");
}

interface Rect {
  readonly x?: number;
  readonly y?: number;
  readonly width: number;
  readonly height: number;
}

function sizeOf({ title, lines }: Box): Rect {
  const width = Math.max(title.length * TITLE_SIZE * TITLE_EM, ...lines.map((line) => line.length * TEXT_SIZE * TEXT_EM));
  return { width: Math.ceil(width) + 2 * PADDING, height: 2 * PADDING + TITLE_SIZE + lines.length * LINE_HEIGHT };
}

/** What the colours mean: only those that occur. */
function keyOf({ boxes, names = {} }: Picture, devices: readonly string[]): { svg: string; width: number } {
  const kinds = (Object.keys(NAMES) as Kind[]).filter((kind) => boxes.some((box) => box.kind === kind));
  let x = 16;
  const parts = [...kinds.map((kind) => ({ text: names[kind] ?? NAMES[kind], style: `fill:var(--${kind});stroke:var(--line)` })), ...devices.map((name) => ({ text: name, style: `fill:none;stroke:${deviceColour(devices, name)};stroke-width:3` }))].map(({ text, style }) => {
    const at = Math.round(x);
    x += 26 + text.length * TEXT_SIZE * TEXT_EM;
    return `<rect x="${at}" y="10" width="12" height="12" rx="2" style="${style}"/><text x="${at + 16}" y="20">${escaped(text)}</text>`;
  });
  return { svg: `<g class="key"><rect class="paper" width="${Math.round(x)}" height="30"/>${parts.join("")}</g>`, width: x };
}

function deviceColour(devices: readonly string[], device: string): string {
  return DEVICE_COLOURS[devices.indexOf(device) % DEVICE_COLOURS.length]!;
}

/** A smooth line through points: straight to the middle of each piece, curved around the corners. */
function curve(points: readonly { readonly x: number; readonly y: number }[]): string {
  const [first, ...rest] = points;
  const last = points[points.length - 1]!;
  const corners = rest.slice(0, -1).map(({ x, y }, i) => {
    const next = rest[i + 1]!;
    return `Q${round(x)} ${round(y)} ${round((x + next.x) / 2)} ${round((y + next.y) / 2)}`;
  });
  return `M${round(first!.x)} ${round(first!.y)}${corners.join("")}L${round(last.x)} ${round(last.y)}`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

export function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
