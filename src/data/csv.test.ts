import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createReadStream } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FileError, FormatError, ValueError } from "../base/errors.js";
import { init } from "../engine/index.js";
import { csv, type CsvOptions } from "./csv.js";

const folder = mkdtempSync(join(tmpdir(), "edgegrad-csv-"));
afterAll(() => rmSync(folder, { recursive: true }));
beforeAll(() => init());

const HOUSES = "size,rooms,town,price\n120,4,Bonn,300\n80,3,Köln,250\n55,2,Bonn,180\n";
const rowsOf = (text: string, options: CsvOptions = {}): Promise<unknown[]> => csv({ text, name: "t.csv" }, options).toArray();

describe("csv", () => {
  const ROWS: { claim: string; text: string; options?: CsvOptions; rows: unknown[] }[] = [
    { claim: "finds numbers and text", text: "a,b\n1,x\n2.5,y\n", rows: [{ a: 1, b: "x" }, { a: 2.5, b: "y" }] },
    { claim: "reads signs, exponents and points at either end", text: "a\n-1e3\n+.5\n2.\n", rows: [{ a: -1000 }, { a: 0.5 }, { a: 2 }] },
    { claim: "takes Windows' line ends, no last line end and a byte order mark", text: "\uFEFFa,b\r\n1,2\r\n3,4", rows: [{ a: 1, b: 2 }, { a: 3, b: 4 }] },
    { claim: "leaves empty lines out", text: "a,b\n\n1,2\n\n", rows: [{ a: 1, b: 2 }] },
    { claim: "reads quoted fields with separators, quotes and line breaks", text: 'a,b\n"x, y","he said ""no"""\n"two\nlines",z\n', rows: [{ a: "x, y", b: 'he said "no"' }, { a: "two\nlines", b: "z" }] },
    { claim: "has another separator", text: "a;b\n1;2\n", options: { delimiter: ";" }, rows: [{ a: 1, b: 2 }] },
    { claim: "takes any white space as separator", text: "a b\n 1   2 \n3\t4\n", options: { delimWhitespace: true }, rows: [{ a: 1, b: 2 }, { a: 3, b: 4 }] },
    { claim: "counts columns without a header", text: "1,2\n", options: { hasHeader: false }, rows: [{ column0: 1, column1: 2 }] },
    { claim: "takes names from the caller, in place of a header or without one", text: "1,2\n", options: { hasHeader: false, columnNames: ["p", "q"] }, rows: [{ p: 1, q: 2 }] },
    { claim: "separates labels", text: HOUSES, options: { columnConfigs: { price: { isLabel: true } } }, rows: [{ xs: { size: 120, rooms: 4, town: "Bonn" }, ys: { price: 300 } }, { xs: { size: 80, rooms: 3, town: "Köln" }, ys: { price: 250 } }, { xs: { size: 55, rooms: 2, town: "Bonn" }, ys: { price: 180 } }] },
    { claim: "reads chosen columns only", text: HOUSES, options: { configuredColumnsOnly: true, columnConfigs: { rooms: {} } }, rows: [{ rooms: 4 }, { rooms: 3 }, { rooms: 2 }] },
    { claim: "reads dtypes as told", text: "a,b,c\n1,1,1\n-7,yes,0\n", options: { columnConfigs: { a: { dtype: "int32" }, b: { dtype: "bool" }, c: { dtype: "string" } } }, rows: [{ a: 1, b: true, c: "1" }, { a: -7, b: true, c: "0" }] },
    { claim: "puts defaults where values are missing", text: "a,b\n,x\n2,NA\n", options: { columnConfigs: { a: { default: -1 }, b: { default: "none" } } }, rows: [{ a: -1, b: "x" }, { a: 2, b: "none" }] },
    { claim: "leaves rows with missing values out", text: "a,b\n,1\n2,3\n", options: { missing: "skip" }, rows: [{ a: 2, b: 3 }] },
    { claim: "gives NaN for missing numbers", text: "a\n1\n?\n", options: { missing: "nan" }, rows: [{ a: 1 }, { a: NaN }] },
    { claim: "numbers the words of a given vocabulary", text: "a\nred\nblue\n", options: { columnConfigs: { a: { vocabulary: ["red", "green", "blue"] } } }, rows: [{ a: 0 }, { a: 2 }] },
    { claim: "numbers all words of a column in order", text: "a\nred\nblue\nred\n", options: { columnConfigs: { a: { vocabulary: true } } }, rows: [{ a: 1 }, { a: 0 }, { a: 1 }] },
    { claim: "gives words as one-hot rows", text: "a\nred\nblue\n", options: { columnConfigs: { a: { vocabulary: true, encoding: "oneHot" } } }, rows: [{ a: Float32Array.of(0, 1) }, { a: Float32Array.of(1, 0) }] },
    { claim: "makes vectors for a dense layer", text: HOUSES, options: { vectors: true, columnConfigs: { town: { vocabulary: true, encoding: "oneHot" }, price: { isLabel: true } } }, rows: [{ xs: Float32Array.of(120, 4, 1, 0), ys: Float32Array.of(300) }, { xs: Float32Array.of(80, 3, 0, 1), ys: Float32Array.of(250) }, { xs: Float32Array.of(55, 2, 1, 0), ys: Float32Array.of(180) }] },
  ];
  it.each(ROWS)("$claim", async ({ text, options, rows }) => {
    expect(await rowsOf(text, options)).toEqual(rows);
  });

  const WRONG: { claim: string; text: string; options?: CsvOptions; message: string }[] = [
    { claim: "a row that is too short", text: "a,b,c\n1,2,3\n4,5\n", message: "t.csv: line 3: expected 3 fields (a, b, c), got 2. Is a separator missing" },
    { claim: "a row that is too long", text: "a,b\n1,2\n\n3,4,5\n", message: "t.csv: line 4: expected 2 fields (a, b), got 3." },
    { claim: "a ragged row behind a field of three lines", text: 'a,b\n"x\ny\nz",2\n3\n', message: "t.csv: line 5: expected 2 fields" },
    { claim: "a quote that is not closed", text: 'a,b\n1,2\n"x,2\n3,4\n', message: "t.csv: line 3: expected each quote to be closed" },
    { claim: "text behind a closing quote", text: 'a,b\n"x"y,2\n', message: "t.csv: line 2: expected each quote to be closed" },
    { claim: "text among numbers", text: "a,b\n1,2\n3,four\n", message: 't.csv: line 3, column "b": expected a number, got "four".' },
    { claim: "a missing value", text: "a,b\n1,2\n,4\n", message: 't.csv: line 3, column "a": expected a value, got none.' },
    { claim: "a missing value of a required column", text: "a\n1\nNA\n", options: { missing: "skip", columnConfigs: { a: { required: true } } }, message: 't.csv: line 3, column "a": expected a value, got "NA".' },
    { claim: "a word outside its vocabulary", text: "a\nred\npink\n", options: { columnConfigs: { a: { vocabulary: ["red", "blue"] } } }, message: 't.csv: line 3, column "a": expected a word of its vocabulary (red, blue), got "pink".' },
    { claim: "a fraction in a column of whole numbers", text: "a\n1.5\n", options: { columnConfigs: { a: { dtype: "int32" } } }, message: 't.csv: line 2, column "a": expected a whole number of 32 bits, got "1.5".' },
    { claim: "text in a vector", text: "a\nx\n", options: { vectors: true }, message: 't.csv: line 2, column "a": expected numbers for a vector, got "x".' },
    { claim: "two columns of one name", text: "a,a\n1,2\n", message: 't.csv: line 1: expected each column to have a name of its own, "a" stands twice.' },
    { claim: "an empty table", text: "\n", message: "t.csv: expected at least one row, the table is empty." },
  ];
  it.each(WRONG)("names the line of $claim", async ({ text, options, message }) => {
    await expect(rowsOf(text, options)).rejects.toThrow(FormatError);
    await expect(rowsOf(text, options)).rejects.toThrow(message);
  });

  it("refuses a column that is not there, with the nearest name, and options that do not fit", async () => {
    await expect(rowsOf(HOUSES, { columnConfigs: { prise: {} } })).rejects.toThrow('no column is called "prise"; there are size, rooms, town, price. Did you mean "price"?');
    expect(() => csv({ text: "" }, { header: true } as never)).toThrow('csv: no option is called "header"; expected hasHeader');
    expect(() => csv({ text: "" }, { columnConfigs: { a: { encoding: "oneHot" } } })).toThrow("csv: columnConfigs: a: expected a vocabulary");
    expect(() => csv({ text: "" }, { delimiter: "ab" })).toThrow("csv: delimiter: expected one character");
    await expect(csv("a,b\n1,2").toArray()).rejects.toThrow("Pass { text } instead?");
    await expect(csv(5 as never).toArray()).rejects.toThrow(ValueError);
  });

  it("refuses bytes that are not UTF-8", async () => {
    await expect(csv(Uint8Array.of(0x61, 0x0a, 0xe4, 0x0a)).toArray()).rejects.toThrow("expected text in UTF-8");
  });

  it("tells names of columns, features and words", async () => {
    const table = csv({ text: HOUSES }, { columnConfigs: { town: { vocabulary: true, encoding: "oneHot" }, price: { isLabel: true } } });
    expect(await table.columnNames()).toEqual(["size", "rooms", "town", "price"]);
    expect(await table.featureNames()).toEqual(["size", "rooms", "town=Bonn", "town=Köln"]);
    expect(await table.vocabulary("town")).toEqual(["Bonn", "Köln"]);
    await expect(table.vocabulary("size")).rejects.toThrow("has none");
  });

  it("goes on as a dataset: shuffled, in batches that train", async () => {
    const [batch] = await csv({ text: HOUSES }, { vectors: true, configuredColumnsOnly: true, columnConfigs: { size: {}, rooms: {}, price: { isLabel: true } } }).batch(3).toArray();
    expect([batch!.xs.shape, batch!.ys.shape, batch!.xs.dtype]).toEqual([[3, 2], [3, 1], "float32"]);
  });
});

describe("sources of csv", () => {
  const path = join(folder, "houses.csv");
  writeFileSync(path, HOUSES);
  const bytes = new TextEncoder().encode(HOUSES);
  const SOURCES: { kind: string; source: () => Parameters<typeof csv>[0]; passes: number }[] = [
    { kind: "a path", source: () => path, passes: 2 },
    { kind: "a file: address", source: () => pathToFileURL(path), passes: 2 },
    { kind: "text", source: () => ({ text: HOUSES }), passes: 2 },
    { kind: "bytes", source: () => bytes, passes: 2 },
    { kind: "a Blob", source: () => new Blob([bytes]), passes: 2 },
    { kind: "a data: address", source: () => `data:text/csv,${encodeURIComponent(HOUSES)}`, passes: 2 },
    { kind: "a stream of the web", source: () => new Blob([bytes]).stream(), passes: 1 },
    { kind: "a stream of Node", source: () => createReadStream(path), passes: 1 },
    { kind: "pieces that cut letters in two", source: () => (async function* () { for (const byte of bytes) yield Uint8Array.of(byte); })(), passes: 1 }, // prettier-ignore
  ];
  it.each(SOURCES)("$kind: $passes passes", async ({ source, passes }) => {
    const table = csv(source(), { columnConfigs: { town: { vocabulary: true } } });
    for (let pass = 0; pass < passes; pass++) expect((await table.toArray()).map((row) => (row as Record<string, unknown>)["town"])).toEqual([0, 1, 0]);
    if (passes === 1) await expect(table.toArray()).rejects.toThrow("Add cache(), or pass a path or a Blob.");
  });

  it("an address over HTTP, and what the server refuses", async () => {
    const server = createServer((request, response) => {
      response.statusCode = request.url === "/houses.csv" ? 200 : 404;
      response.end(HOUSES);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      expect(await csv(`${base}/houses.csv`).toArray()).toHaveLength(3);
      await expect(csv(`${base}/none.csv`).toArray()).rejects.toThrow(`${base}/none.csv: expected a file, the server answered 404.`);
    } finally {
      server.close();
    }
    await expect(csv(`${base}/houses.csv`).toArray()).rejects.toThrow(FileError);
  });

  it("a file that is not there", async () => {
    await expect(csv(join(folder, "none.csv")).toArray()).rejects.toThrow(FileError);
    await expect(csv(join(folder, "none.csv")).toArray()).rejects.toThrow("expected a file, there is none");
  });

  it("large files in pieces: every row once, lines counted across quoted line breaks", async () => {
    // 60,000 rows of about 25 characters are several pieces; every third row has a field of two lines.
    const large = join(folder, "large.csv");
    const rows = Array.from({ length: 60_000 }, (_, i) => (i % 3 === 0 ? `${i},"first\nsecond, ${i}"` : `${i},plain text ${i}`));
    writeFileSync(large, `n,text\n${rows.join("\n")}\n`);
    let count = 0;
    for await (const row of csv(large)) if ((row as { n: number }).n !== count++) throw new Error(`row ${count - 1} is ${JSON.stringify(row)}`);
    expect(count).toBe(60_000);
    writeFileSync(large, `n,text\n${rows.join("\n")}\n1,2,3\n`);
    await expect(csv(large).toArray()).rejects.toThrow(`line ${1 + 60_000 + 20_000 + 1}: expected 2 fields`);
  });
});
