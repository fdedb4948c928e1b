// copy and fill against one element at a time.
import { copy, fill } from "../copy";
import { at, floats, GUARD, guarded, intact, ranged, WORDS, words } from "./data";

const MAX_RANK = 6;
/** Where each element of the copy at hand goes. */
const PLACES = new StaticArray<i32>(1024);
/** Ranges that the units are cut into. */
let cuts = 1;

// The copy at hand.
const sizes = new StaticArray<i32>(MAX_RANK);
const outStrides = new StaticArray<i32>(MAX_RANK);
const xStrides = new StaticArray<i32>(MAX_RANK);

/** Sizes of a view; those behind its rank are 0 and not read. Planes around 4 × 4, lines, empty ones, all ranks. */
const SHAPES: StaticArray<i32> = [
  // rank, sizes
  0, 0, 0, 0, 0, 0, 0,
  1, 1, 0, 0, 0, 0, 0,   1, 7, 0, 0, 0, 0, 0,   1, 0, 0, 0, 0, 0, 0,
  2, 1, 1, 0, 0, 0, 0,   2, 3, 5, 0, 0, 0, 0,   2, 4, 4, 0, 0, 0, 0,   2, 5, 9, 0, 0, 0, 0,   2, 8, 7, 0, 0, 0, 0,   2, 9, 3, 0, 0, 0, 0,   2, 0, 4, 0, 0, 0, 0,   2, 4, 0, 0, 0, 0, 0,   2, 17, 12, 0, 0, 0, 0,
  3, 2, 5, 6, 0, 0, 0,   3, 1, 4, 9, 0, 0, 0,   3, 3, 0, 2, 0, 0, 0,
  4, 2, 3, 4, 5, 0, 0,   5, 2, 1, 3, 4, 5, 0,   6, 2, 3, 1, 2, 4, 5,
];

/** Orders in which the axes of a view lie in memory: as they are, reversed, the last two exchanged, the first moved to the end. */
const PLAIN = 0, REVERSED = 1, EXCHANGED = 2, MOVED = 3, ORDERS = 4;

function axisAt(order: i32, rank: i32, place: i32): i32 {
  if (order == REVERSED) return rank - 1 - place;
  if (order == EXCHANGED && rank > 1 && place >= rank - 2) return 2 * rank - 3 - place;
  if (order == MOVED) return (place + 1) % rank;
  return place;
}

/** Strides of a view whose axes lie in memory in the order given, `gap` elements between the rows of each. Returns the elements it spans. */
function lay(strides: StaticArray<i32>, rank: i32, order: i32, gap: i32): i32 {
  let stride = 1;
  for (let place = rank - 1; place >= 0; place--) {
    const axis = axisAt(order, rank, place);
    strides[axis] = stride;
    stride = stride * sizes[axis] + gap;
  }
  return max(stride, 1);
}

/** What differs from the copy element by element, or "". With `flips`, axes of x are walked backwards; with `zeros`, they are repeated (bits are axes). */
function copyDiffers(rank: i32, outOrder: i32, xOrder: i32, gap: i32, flips: i32, zeros: i32): string {
  const outSpan = lay(outStrides, rank, outOrder, gap), xSpan = lay(xStrides, rank, xOrder, gap);
  const x = floats(xSpan), out = guarded(outSpan), expected = guarded(outSpan);
  let start = 0, count = 1;
  for (let axis = 0; axis < rank; axis++) {
    count *= sizes[axis];
    if ((zeros >> axis) & 1) xStrides[axis] = 0;
    else if ((flips >> axis) & 1 && sizes[axis] > 0) {
      start += (sizes[axis] - 1) * xStrides[axis];
      xStrides[axis] = -xStrides[axis];
    }
  }
  for (let i = 0; i < count; i++) {
    let from = start, to = 0, rest = i;
    for (let axis = rank - 1; axis >= 0; axis--) {
      from += (rest % sizes[axis]) * xStrides[axis];
      to += (rest % sizes[axis]) * outStrides[axis];
      rest /= sizes[axis];
    }
    expected[to] = x[from];
    PLACES[i] = to;
  }
  words(at(out), at(x) + (<usize>start << 2), rank);
  for (let axis = 0; axis < rank; axis++) {
    WORDS[3 + axis] = sizes[axis];
    WORDS[3 + rank + axis] = outStrides[axis];
    WORDS[3 + 2 * rank + axis] = xStrides[axis];
  }
  // Rows of the last axis, or elements of a line; one unit more than there are.
  const unit = rank > 1 ? 4 * sizes[rank - 1] : 256;
  const units = 1 + (count + max(unit, 1) - 1) / max(unit, 1);
  cuts = (cuts % 3) + 1;
  for (let cut = cuts - 1; cut >= 0; cut--) {
    const begin = (units * cut) / cuts, before = min(count, begin * unit);
    copy(ranged(begin, (units * (cut + 1)) / cuts));
    for (let i = 0; i < before; i++) if (out[PLACES[i]] != GUARD) return `sizes ${sizes}: unit ${begin} wrote element ${i}, which lies before it`;
  }
  for (let i = 0; i < out.length; i++) if (out[i] != expected[i]) return `sizes ${sizes} out ${outStrides} x ${xStrides}: word ${i} is ${out[i]}, expected ${expected[i]}`;
  return "";
}

describe("copy", () => {
  it("is the copy element by element for every rank, order of axes, gap, flip and repetition", () => {
    for (let row = 0; row < SHAPES.length; row += 1 + MAX_RANK) {
      const rank = SHAPES[row];
      for (let axis = 0; axis < MAX_RANK; axis++) sizes[axis] = SHAPES[row + 1 + axis];
      for (let orders = 0; orders < ORDERS * ORDERS; orders++) {
        if (rank == 0 && orders > 0) continue;
        for (let gap = 0; gap < 3; gap++) {
          for (let masks = 0; masks < 6; masks++) {
            const last = rank > 0 ? 1 << (rank - 1) : 0;
            const flips = masks == 1 ? last : masks == 2 ? 1 : masks == 5 ? 0x3f : 0, zeros = masks == 3 ? last : masks == 4 ? 1 : 0;
            const told = copyDiffers(rank, orders / ORDERS, orders % ORDERS, gap, flips, zeros);
            if (told != "") expect(told).toBe("");
          }
        }
      }
    }
  });
});

describe("fill", () => {
  it("writes n elements and no more", () => {
    for (let n = 0; n < 700; n += n < 20 ? 1 : 83) {
      const out = guarded(n);
      words(at(out), n, reinterpret<u32>(<f32>-2.5));
      fill(ranged(1, 3));
      if (n < 256) expect(intact(out, 0)).toBe(true, `${n} elements, from the second unit`);
      fill(ranged(0, 1));
      for (let i = 0; i < n; i++) expect(out[i]).toBe(-2.5);
      expect(intact(out, n)).toBe(true, `${n} elements`);
    }
  });
});
