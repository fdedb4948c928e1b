// The look of the pages that examples write: one palette for light screens, one for dark.

/** Colours of series, [on light, on dark], told apart by those who see few colours too; from the fifth on, lines are dashed as well. */
const SERIES = [
  ["#2b3fe0", "#93a1ff"], ["#d9480f", "#ff9a62"], ["#2b8a3e", "#69db7c"], ["#9c36b5", "#e599f7"],
  ["#946c00", "#ffd43b"], ["#0b7285", "#66d9e8"], ["#c2255c", "#faa2c1"], ["#495057", "#ced4da"],
];

/** What charts draw with; the same order of colours everywhere. */
export const COLORS = SERIES.map(([light]) => light);
export const SOFT = "#585e78";
export const LINE = "#d8dbe8";

/** Charts carry the light colours in their attributes; this gives each its dark twin. */
const twins = [...SERIES, [SOFT, "#a0a6c4"], [LINE, "#2b3150"]].map(([light, dark]) => `svg [fill="${light}"]{fill:${dark}}svg [stroke="${light}"]{stroke:${dark}}`).join("");
const variables = (shade) => SERIES.map((pair, i) => `--c${i}:${pair[shade]}`).join(";");

export const STYLE = `
:root{color-scheme:light dark;--text:#171a2b;--soft:${SOFT};--ground:#f3f4f8;--sheet:#fff;--line:${LINE};${variables(0)};font:400 1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;color:var(--text);background:var(--ground)}
@media (prefers-color-scheme:dark){:root{--text:#e9ebf7;--soft:#a0a6c4;--ground:#0f1220;--sheet:#161a2d;--line:#2b3150;${variables(1)}}${twins}.grey,svg image{filter:invert(1) hue-rotate(180deg)}}
*{box-sizing:border-box}[hidden]{display:none!important}body{margin:0}main{max-width:62rem;margin:0 auto;padding:clamp(1.25rem,4vw,2.5rem) 1rem 4rem}
h1{font-size:clamp(1.5rem,4vw,2rem);line-height:1.2;letter-spacing:-.02em;margin:0 0 .5rem}h2{font-size:1.2rem;line-height:1.3;margin:2.25rem 0 .5rem}
p{max-width:46rem;margin:.5rem 0}.about{font-size:1.1rem}code,pre{font:.85em/1.5 ui-monospace,"SF Mono",Menlo,Consolas,monospace}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(9rem,1fr));gap:.75rem;margin:1.25rem 0}.figures div{display:flex;flex-direction:column-reverse;justify-content:flex-end;background:var(--sheet);border:1px solid var(--line);border-radius:.6rem;padding:.6rem .8rem}
.figures dt{font-size:.85rem;line-height:1.35;color:var(--soft)}.figures dd{margin:0;font-size:1.35rem;font-weight:650;font-variant-numeric:tabular-nums}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,24rem),1fr));gap:1rem;margin:1rem 0}.charts>figure{margin:0}.charts>figure:only-child{max-width:34rem}
figure{margin:1rem 0;padding:.75rem;background:var(--sheet);border:1px solid var(--line);border-radius:.6rem;overflow-x:auto}figure>svg{display:block;width:100%;height:auto}
figcaption{color:var(--soft);font-size:.9rem;margin-top:.5rem}.unit{margin:0;font-size:.85rem;color:var(--soft)}
.legend{display:flex;flex-wrap:wrap;gap:.1rem 1rem;margin:0 0 .25rem;padding:0;list-style:none;font-size:.85rem}.legend li{display:flex;align-items:center;gap:.4rem}
.legend i{width:1.4rem;border-top:3px solid var(--c)}.legend .dashed i{border-top-style:dashed}.legend .dots i{width:.6rem;height:.6rem;border:0;border-radius:50%;background:var(--c)}
.row{display:flex;flex-wrap:wrap;gap:.75rem}.row>div{width:min-content;text-align:center;font-size:.8rem;line-height:1.35;color:var(--soft)}.row span{display:block;margin-top:.25rem}
.picture{position:relative;display:block;margin:0 auto;max-width:100%}.picture img{display:block;width:100%;height:auto;image-rendering:pixelated}.picture.smooth img{image-rendering:auto}.picture svg{position:absolute;inset:0;width:100%;height:100%}
.film{max-width:34rem}.film .picture{max-width:min(100%,30rem)}.controls{display:flex;gap:.75rem;align-items:center;margin-top:.6rem;font-variant-numeric:tabular-nums}.controls input{flex:1;min-width:4rem;accent-color:var(--c0)}
.controls output{white-space:nowrap;font-size:.9rem}.controls button{font:inherit;color:inherit;background:none;border:1px solid var(--line);border-radius:.5rem;min-height:2.5rem;padding:0 1rem;cursor:pointer}:focus-visible{outline:3px solid var(--c0);outline-offset:2px}
figure.fits{width:fit-content;max-width:100%}table{border-collapse:collapse;font-variant-numeric:tabular-nums}th,td{padding:.25rem .75rem;text-align:right;border-bottom:1px solid var(--line)}th:first-child,td:first-child{text-align:left}th{font-weight:600}
.bars{width:100%}.bars td:first-child{white-space:nowrap}.bars td:last-child{width:60%}.bars i{display:block;height:.8rem;border-radius:0 .3rem .3rem 0}.bars i+i{margin-top:2px}
.matrix{font-size:.9rem}.matrix th,.matrix td{padding:.3rem .1rem;width:2.6rem;text-align:center!important;border:1px solid var(--sheet)}.matrix .none{color:var(--soft)}
details{margin-top:2.5rem}summary{cursor:pointer;color:var(--soft)}pre{overflow-x:auto;padding:1rem;background:var(--sheet);border:1px solid var(--line);border-radius:.6rem}
@media (prefers-reduced-motion:reduce){.racer{display:none}}@media (max-width:40rem){.bars td:first-child{white-space:normal}th,td{padding:.25rem .4rem}table{font-size:.9rem}.matrix{font-size:.75rem}}`;

/** Plays the frames of films, and lets one drag through them. */
export const FILM_SCRIPT = `
for (const film of document.querySelectorAll(".film")) {
  const [frames, slider, button, output] = [film.querySelectorAll("img"), film.querySelector("input"), film.querySelector("button"), film.querySelector("output")];
  let timer;
  const show = () => { frames.forEach((frame, i) => (frame.hidden = i !== Number(slider.value))); output.textContent = frames[slider.value].alt; };
  const stop = () => { clearInterval(timer); timer = 0; button.textContent = "Play"; };
  const play = () => {
    if (timer) return stop();
    button.textContent = "Pause";
    if (slider.value === slider.max) slider.value = 0;
    timer = setInterval(() => { slider.value++; show(); if (slider.value === slider.max) stop(); }, 120);
  };
  slider.oninput = () => { stop(); show(); };
  button.onclick = play;
  if (!matchMedia("(prefers-reduced-motion: reduce)").matches) play();
}`;
