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
nav,nav div{display:flex;flex-wrap:wrap;gap:6px}nav{margin-bottom:10px;justify-content:space-between}nav button{min-height:28px;font:inherit;color:var(--ink);background:none;border:1px solid var(--line);border-radius:6px;padding:3px 10px;cursor:pointer}
nav button[aria-selected=true]{border-color:var(--accent);color:var(--accent);font-weight:600}
.view{border:1px solid var(--line);border-radius:8px;overflow:auto;max-height:80vh;touch-action:pan-x pan-y;cursor:grab;user-select:none}:focus-visible{outline:2px solid var(--accent);outline-offset:2px}.view[hidden]{display:none}.view svg{display:block;margin:0 auto;height:auto}
table{border-collapse:collapse;width:100%;font-size:12px}.scroll{overflow-x:auto}td,th{text-align:left;padding:3px 8px;border-bottom:1px solid var(--line);white-space:nowrap}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
.plan{width:100%;min-width:560px;max-width:980px;height:auto}.plan rect{fill:var(--bar);stroke:var(--paper)}.plan text{fill:var(--soft);font-size:11px}.plan line{stroke:var(--line)}`;

/** Tabs, zooming by buttons, and pulling with the mouse. A picture opens where its first input is; its key stays in the corner. */
const SCRIPT = `
const tabs=[...document.querySelectorAll('nav button[data-view]')],views=[...document.querySelectorAll('.view')];let scale=1,at=0;
const key=v=>v.querySelector('.key').setAttribute('transform','translate('+v.scrollLeft/scale+' '+v.scrollTop/scale+')');
const size=()=>{for(const v of views){const s=v.firstElementChild;s.style.width=Number(s.getAttribute('width'))*scale+'px';key(v)}};
const begin=v=>{const b=(v.querySelector('.box.input')||v.querySelector('.box')).getBoundingClientRect(),r=v.getBoundingClientRect();v.scrollLeft+=b.left+b.width/2-r.left-r.width/2;v.scrollTop+=b.top-r.top-60;v.begun=true};
const show=i=>{at=i;tabs.forEach((t,k)=>{t.setAttribute('aria-selected',k===i);t.tabIndex=k===i?0:-1});views.forEach((v,k)=>v.hidden=k!==i);if(!views[i].begun)begin(views[i])};
tabs.forEach((t,i)=>{t.onclick=()=>show(i);t.onkeydown=e=>{const to=i+(e.key==='ArrowRight')-(e.key==='ArrowLeft');if(to!==i&&tabs[to]){show(to);tabs[to].focus()}}});
document.querySelectorAll('nav button[data-zoom]').forEach(b=>b.onclick=()=>{const z=Number(b.dataset.zoom),v=views[at];scale=z===0?Math.min(1,(v.clientWidth-2)/Number(v.firstElementChild.getAttribute('width'))):scale*z;size()});
for(const v of views){v.onscroll=()=>key(v);v.onpointerdown=e=>{if(e.pointerType==='mouse'){v.setPointerCapture(e.pointerId);v.pull=true}};v.onpointermove=e=>{if(v.pull){v.scrollLeft-=e.movementX;v.scrollTop-=e.movementY}};v.onpointerup=()=>v.pull=false}
show(0);`;

export function toHTML(title: string, pictures: readonly Picture[], program: Program): string {
  const { steps, flops, bytes, arenaBytes, stateBytes } = costOf(program);
  const cost = [`${steps} steps`, `${count(flops)}FLOP`, `${count(bytes)}B read and written`, `arena ${count(arenaBytes)}B`, `variables ${count(stateBytes)}B`].join(" · ");
  const tabs = pictures.map((picture, i) => `<button role="tab" id="tab${i}" data-view="${i}" aria-controls="view${i}" aria-selected="${i === 0}">${escaped(picture.title)}</button>`);
  const zoom = [["fit", "the whole picture", 0], ["+", "larger", 1.25], ["−", "smaller", 0.8]].map(([text, name, factor]) => `<button data-zoom="${factor}" aria-label="${name}">${text}</button>`); // prettier-ignore
  const views = pictures.map((picture, i) => `<div class="view" role="tabpanel" id="view${i}" aria-labelledby="tab${i}" tabindex="0"${i === 0 ? "" : " hidden"}>${uniqueIds(toSVG(picture), i)}</div>`);
  return [
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escaped(title)}</title><style>${STYLE}</style></head><body>`,
    `<h1>${escaped(title)}</h1><p class="cost">${cost}</p>`,
    `<nav><div role="tablist" aria-label="Stages of the graph">${tabs.join("")}</div><div>${zoom.join("")}</div></nav>`,
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

const MOST_WRITES = 3;

function stepTable(program: Program): string {
  const rows = kernelSteps(program.steps).map((step) => {
    const slots = step.writes.filter((slot) => slot !== step.workspace).map((slot) => `s${slot} ${showShape(program.slots[slot]!.shape)}`);
    // A step of an optimizer writes dozens: all of them stand in the tip.
    const writes = slots.length <= MOST_WRITES ? slots.join(", ") : `<span title="${slots.join(", ")}">${slots.slice(0, MOST_WRITES).join(", ")} and ${slots.length - MOST_WRITES} more</span>`;
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
