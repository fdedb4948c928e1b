import { describe, expect, it } from "vitest";
import { firstDuplicateKey } from "./json.js";

const ROWS: [text: string, duplicate: string | undefined][] = [
  [`{}`, undefined],
  [`{"a":1,"b":[1,2,{"a":3}],"c":{"a":4,"b":5}}`, undefined],
  [`{"a":1,"a":2}`, "a"],
  [`{"x":{"k":1,"j":2,"k":3}}`, "k"],
  [`[{"a":1},{"a":2}]`, undefined],
  [`{"a":"a","b":"a:a","c":"\\"a\\":1,\\"a\\":2"}`, undefined],
  [`{"a":1,"\\u0061":2}`, "a"],
  [`{"a":{"b":1},"b":2,"a":3}`, "a"],
  [`{"__proto__":1,"constructor":2}`, undefined],
];

describe("firstDuplicateKey", () => {
  it.each(ROWS)("%s -> %s", (text, duplicate) => {
    expect(firstDuplicateKey(text)).toBe(duplicate);
  });
});
