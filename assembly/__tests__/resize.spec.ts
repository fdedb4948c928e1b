// f32_resize by what it promises: nothing changes at the same size, corners stay corners, and f32_resize_grad is its adjoint: ⟨resize(x), y⟩ = ⟨x, back(y)⟩.
import { f32_resize, f32_resize_grad } from "../resize";
import { at, floats, guarded, intact, same, WORDS, words } from "./data";

const ALIGN_CORNERS = 2;
const H: StaticArray<i32> = [1, 3, 4, 5, 7];
const TO: StaticArray<i32> = [1, 2, 5, 8];

function run(out: usize, x: usize, n: i32, h: i32, w: i32, c: i32, oh: i32, ow: i32, method: i32, places: i32, backwards: bool): void {
  words(out, x, n, h, w, c, oh, ow);
  WORDS[8] = method;
  WORDS[9] = places;
  if (backwards) f32_resize_grad(at(WORDS));
  else f32_resize(at(WORDS));
}

function product(a: StaticArray<f32>, b: StaticArray<f32>, count: i32): f64 {
  let sum: f64 = 0;
  for (let i = 0; i < count; i++) sum += <f64>a[i] * <f64>b[i];
  return sum;
}

describe("f32_resize", () => {
  it("leaves an image of the same size alone, to the bit", () => {
    for (let kind = 0; kind < 6; kind++) {
      const x = floats(2 * 4 * 3 * 5), out = guarded(120);
      run(at(out), at(x), 2, 4, 3, 5, 4, 3, kind & 1, kind >> 1, false);
      for (let i = 0; i < 120; i++) expect(same(out[i], x[i])).toBe(true, `kind ${kind}, element ${i}`);
      expect(intact(out, 120)).toBe(true);
    }
  });

  it("keeps corners where they are asked for", () => {
    const x = floats(3 * 4), out = guarded(5 * 7);
    for (let method = 0; method < 2; method++) {
      run(at(out), at(x), 1, 3, 4, 1, 5, 7, method, ALIGN_CORNERS, false);
      expect(out[0] == x[0] && out[6] == x[3] && out[28] == x[8] && out[34] == x[11]).toBe(true, `method ${method}`);
    }
  });

  it("is linear, with f32_resize_grad as its adjoint", () => {
    for (let kind = 0; kind < 6; kind++) {
      for (let i = 0; i < H.length; i++) {
        for (let j = 0; j < TO.length; j++) {
          const h = H[i], w = H[H.length - 1 - i], oh = TO[j], ow = TO[TO.length - 1 - j], c = 3;
          const x = floats(h * w * c), y = floats(oh * ow * c), out = guarded(oh * ow * c), back = guarded(h * w * c);
          run(at(out), at(x), 1, h, w, c, oh, ow, kind & 1, kind >> 1, false);
          run(at(back), at(y), 1, h, w, c, oh, ow, kind & 1, kind >> 1, true);
          const forth = product(out, y, oh * ow * c), there = product(x, back, h * w * c);
          if (!(abs(forth - there) < 1e-6)) expect(`kind ${kind}, ${h}×${w} to ${oh}×${ow}: ${forth}`).toBe(`${there}`);
          expect(intact(out, oh * ow * c) && intact(back, h * w * c)).toBe(true);
        }
      }
    }
  });
});
