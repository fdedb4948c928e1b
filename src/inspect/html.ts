// A page about a program: its pictures behind tabs, its steps in a table, its memory plan as a chart. One file, no network, light and dark.
import { showShape } from "../base/shape.js";
import { bytesOf, costOf } from "../program/cost.js";
import { scratchLives } from "../program/lives.js";
import type { Program } from "../program/program.js";
import { kernelSteps } from "../program/walk.js";
import type { Picture } from "./picture.js";
import { escaped, toSVG } from "./svg.js";
import { count } from "./units.js";

const STYLE = `
:root{color-scheme:light dark;--ink:#1c2128;--soft:#57606a;--line:#d0d7de;--paper:#fff;--accent:#0969da;--bar:#54aeff}
@media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#a9b3bd;--line:#30363d;--paper:#0d1117;--accent:#58a6ff;--bar:#1f6feb}}
body{margin:0;padding:24px;font:14px/1.5 ui-sans-serif,system-ui,Helvetica,Arial,sans-serif;color:var(--ink);background:var(--paper)}
h1{font-size:22px;margin:0 0 4px}h2{font-size:16px;margin:28px 0 8px}p.cost{margin:0 0 16px;color:var(--soft)}
nav{display:flex;flex-wrap:wrap;gap:6px;margin-bottom:10px}nav button{font:inherit;color:var(--ink);background:none;border:1px solid var(--line);border-radius:6px;padding:3px 10px;cursor:pointer}
nav button[aria-selected=true]{border-color:var(--accent);color:var(--accent);font-weight:600}
.view{border:1px solid var(--line);border-radius:8px;overflow:auto;max-height:80vh;touch-action:pan-x pan-y}.view[hidden]{display:none}.view svg{display:block;margin:0 auto;height:auto}
table{border-collapse:collapse;width:100%;font-size:12px}.scroll{overflow-x:auto}td,th{text-align:left;padding:3px 8px;border-bottom:1px solid var(--line);white-space:nowrap}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
.plan rect{fill:var(--bar);stroke:var(--paper)}.plan text{fill:var(--soft);font-size:11px}.plan line{stroke:var(--line)}`;

/** Tabs, and zooming by the buttons: a picture starts as wide as its frame allows. */
const SCRIPT = `
const tabs=[...document.querySelectorAll('nav button[data-view]')],views=[...document.querySelectorAll('.view')];let scale=1;
const size=()=>{for(const v of views){const s=v.firstElementChild;s.style.width=Number(s.getAttribute('width'))*scale+'px'}};
const show=i=>{tabs.forEach((t,k)=>t.setAttribute('aria-selected',k===i));views.forEach((v,k)=>v.hidden=k!==i)};
tabs.forEach((t,i)=>t.onclick=()=>show(i));
document.querySelectorAll('nav button[data-zoom]').forEach(b=>b.onclick=()=>{const z=Number(b.dataset.zoom);const v=views.find(v=>!v.hidden);scale=z===0?Math.min(1,(v.clientWidth-2)/Number(v.firstElementChild.getAttribute('width'))):scale*z;size()});`;

export function toHTML(title: string, pictures: readonly Picture[], program: Program): string {
  const { steps, flops, bytes, arenaBytes, stateBytes } = costOf(program);
  const cost = [`${steps} steps`, `${count(flops)}FLOP`, `${count(bytes)}B read and written`, `arena ${count(arenaBytes)}B`, `variables ${count(stateBytes)}B`].join(" · ");
  const tabs = pictures.map((picture, i) => `<button role="tab" data-view="${i}" aria-selected="${i === 0}">${escaped(picture.title)}</button>`);
  const zoom = [["fit", 0], ["+", 1.25], ["−", 0.8]].map(([text, factor]) => `<button data-zoom="${factor}">${text}</button>`); // prettier-ignore
  const views = pictures.map((picture, i) => `<div class="view" role="tabpanel"${i === 0 ? "" : " hidden"}>${uniqueIds(toSVG(picture), i)}</div>`);
  return [
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escaped(title)}</title><style>${STYLE}</style></head><body>`,
    `<h1>${escaped(title)}</h1><p class="cost">${cost}</p>`,
    `<nav role="tablist">${tabs.join("")}<span style="flex:1"></span>${zoom.join("")}</nav>`,
    ...views,
    `<h2>Steps</h2><div class="scroll">${stepTable(program)}</div>`,
    `<h2>Memory plan</h2><p class="cost">Each block is an intermediate: across, the steps it lives through; upwards, its place in the arena.</p><div class="scroll">${planChart(program)}</div>`,
    `<script>${SCRIPT}</script></body></html>`,
  ].join("\n");
}

/** Markers are found by id, which must differ between the images of a page. */
function uniqueIds(svg: string, i: number): string {
  return svg.replaceAll('id="head"', `id="head${i}"`).replaceAll("url(#head)", `url(#head${i})`);
}

function stepTable(program: Program): string {
  const rows = kernelSteps(program.steps).map((step) => {
    const writes = step.writes.filter((slot) => slot !== step.workspace).map((slot) => `s${slot} ${showShape(program.slots[slot]!.shape)}`).join(", ");
    return `<tr><td class="n">${step.id}</td><td>${step.kernel}</td><td>${escaped(step.note ?? "")}</td><td>${writes}</td><td class="n">${count(bytesOf(step, program))}B</td><td class="n">${step.flops ? `${count(step.flops)}FLOP` : ""}</td></tr>`;
  });
  return `<table><tr><th class="n">step</th><th>kernel</th><th>computes</th><th>writes</th><th class="n">bytes</th><th class="n">work</th></tr>${rows.join("")}</table>`;
}

const CHART_WIDTH = 900;
const CHART_HEIGHT = 260;

function planChart(program: Program): string {
  const { slots, bytes } = program;
  const steps = kernelSteps(program.steps);
  if (bytes.scratch === 0 || steps.length === 0) return "<p>No intermediates.</p>";
  const x = (time: number): number => Math.round((time * CHART_WIDTH) / steps.length);
  const y = (at: number): number => CHART_HEIGHT - Math.round((at * CHART_HEIGHT) / bytes.scratch);
  const rects = [...scratchLives(slots, program.steps)].map(([index, { first, last }]) => {
    const { offset, bytes: size, dtype, shape, name } = slots[index]!;
    const about = `s${index} ${name ?? ""} ${dtype}${showShape(shape)} · ${count(size)}B at ${offset} · steps ${steps[first]!.id}–${steps[last]!.id}`;
    return `<rect x="${x(first)}" y="${y(offset + size)}" width="${Math.max(1, x(last + 1) - x(first))}" height="${Math.max(1, y(offset) - y(offset + size))}"><title>${escaped(about)}</title></rect>`;
  });
  return `<svg class="plan" viewBox="-70 -8 ${CHART_WIDTH + 80} ${CHART_HEIGHT + 30}" width="${CHART_WIDTH + 80}" role="img" aria-label="memory plan"><text x="-8" y="4" text-anchor="end">${count(bytes.scratch)}B</text><text x="-8" y="${CHART_HEIGHT}" text-anchor="end">0</text><line x1="0" y1="${CHART_HEIGHT}" x2="${CHART_WIDTH}" y2="${CHART_HEIGHT}"/>${rects.join("")}<text x="0" y="${CHART_HEIGHT + 16}">step ${steps[0]!.id}</text><text x="${CHART_WIDTH}" y="${CHART_HEIGHT + 16}" text-anchor="end">step ${steps[steps.length - 1]!.id}</text></svg>`;
}
