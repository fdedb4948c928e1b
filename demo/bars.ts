// The ten probabilities as bars, and the winner in words.

const DIGITS = 10;

/** Below this share the winner is shown as a guess. */
const SURE = 0.6;

interface Bar {
  readonly item: HTMLLIElement;
  readonly percent: HTMLSpanElement;
}

/** Where the reading is shown. spoken: a live region, told only when the drawing rests. */
export interface ReadingElements {
  readonly bars: HTMLElement;
  readonly digit: HTMLElement;
  readonly certainty: HTMLElement;
  readonly spoken: HTMLElement;
}

export class ReadingView {
  private readonly rows: readonly Bar[];
  private speech = 0;

  constructor(private readonly elements: ReadingElements) {
    this.rows = Array.from({ length: DIGITS }, (_, digit) => {
      const item = document.createElement("li");
      const percent = document.createElement("span");
      percent.className = "percent";
      const track = document.createElement("span");
      track.className = "track";
      track.append(document.createElement("i"));
      const name = document.createElement("b");
      name.textContent = String(digit);
      item.append(percent, track, name);
      elements.bars.append(item);
      return { item, percent };
    });
    this.show(null);
  }

  /** probabilities: ten shares that add up to 1; null when there is nothing to read, and why not. */
  show(probabilities: Float32Array | null, why = "Nothing drawn yet"): void {
    const best = probabilities ? probabilities.indexOf(Math.max(...probabilities)) : -1;
    this.rows.forEach(({ item, percent }, digit) => {
      const share = probabilities?.[digit] ?? 0;
      item.style.setProperty("--p", share.toFixed(4));
      item.classList.toggle("first", digit === best);
      percent.textContent = probabilities && share >= 0.005 ? percentOf(share, 0) : "";
    });
    const share = probabilities?.[best] ?? 0;
    const { digit, certainty } = this.elements;
    digit.textContent = best < 0 ? "\u00a0" : String(best);
    digit.classList.toggle("unsure", share < SURE);
    certainty.textContent = best < 0 ? why : share < SURE ? `perhaps, ${percentOf(share)}` : `${percentOf(share)} sure`;
    this.speak(best < 0 ? `${why}.` : `${share < SURE ? "Perhaps a" : "Reads"} ${best}, ${percentOf(share)}.`);
  }

  /** A live region that changed with every frame would never be silent. */
  private speak(text: string): void {
    clearTimeout(this.speech);
    this.speech = window.setTimeout(() => {
      if (this.elements.spoken.textContent !== text) this.elements.spoken.textContent = text;
    }, 600);
  }
}

/** "97 %", with a digit or two more close to certainty, and never "100 %" for what is not quite so. */
function percentOf(share: number, most = 2): string {
  const digits = Math.min(most, share > 0.999 ? 2 : share > 0.99 ? 1 : 0);
  const floored = Math.floor(share * 100 * 10 ** digits) / 10 ** digits;
  return `${(share > 0.99 ? Math.min(floored, digits > 0 ? 99.99 : 99) : Math.round(100 * share)).toFixed(digits)} %`;
}
