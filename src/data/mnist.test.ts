import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { needMnist } from "../../test/shared.js";
import { FormatError, ValueError } from "../base/errors.js";
import { loadFashionMnist, loadMnist, MNIST_FILES, MNIST_SHA256, type MnistChecksums, type MnistFile, type MnistOptions } from "./mnist.js";

/** A data set small enough to write out: 3 and 2 images of 2×3. */
const idx = (...header: number[]) => (...data: number[]): Buffer =>
  Buffer.from([0, 0, 8, header.length, ...header.flatMap((size) => [0, 0, 0, size]), ...data]);
const FILES: Record<MnistFile, Buffer> = {
  "train-images-idx3-ubyte": idx(3, 2, 3)(...Array.from({ length: 18 }, (_, i) => i * 10)),
  "train-labels-idx1-ubyte": idx(3)(7, 0, 9),
  "t10k-images-idx3-ubyte": idx(2, 2, 3)(...Array.from({ length: 12 }, (_, i) => 255 - i)),
  "t10k-labels-idx1-ubyte": idx(2)(1, 2),
};
const checksums = Object.fromEntries(
  MNIST_FILES.map((file) => [file, createHash("sha256").update(FILES[file]).digest("hex")]),
) as MnistChecksums;
const fallback = { train: 5, test: 3, seed: 9 };

let folder: string;
const servers: Server[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "edgegrad-mnist-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A mirror on this machine; counts its requests. */
async function serve(answer: RequestListener = good): Promise<{ url: string; requests: string[] }> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(request.url!);
    answer(request, response);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mnist`, requests };
}

const packedOf = (url: string): Buffer => gzipSync(FILES[url.replace("/mnist/", "").replace(".gz", "") as MnistFile]);
const good: RequestListener = (request, response) => {
  const body = packedOf(request.url!);
  response.setHeader("content-length", body.length);
  response.end(body);
};

/** Writes the small set, plain or packed, with replacements. */
async function write(to: string, changed: Partial<Record<string, Buffer | undefined>> = {}, packed = false): Promise<string> {
  await mkdir(to, { recursive: true });
  for (const file of MNIST_FILES) {
    const name = packed ? `${file}.gz` : file;
    const bytes = name in changed ? changed[name] : packed ? gzipSync(FILES[file]) : FILES[file];
    if (bytes) await writeFile(join(to, name), bytes);
  }
  return to;
}

const load = (options: MnistOptions) => loadMnist({ cache: join(folder, "cache"), checksums, generated: fallback, ...options });

function expectSmallSet({ height, width, train, test }: Awaited<ReturnType<typeof loadMnist>>): void {
  expect([height, width, train.count, test.count]).toEqual([2, 3, 3, 2]);
  expect([...train.labels, ...test.labels]).toEqual([7, 0, 9, 1, 2]);
  expect([...train.images.slice(0, 3), ...test.images.slice(-2)]).toEqual([0, 10, 20, 245, 244]);
}

describe("loadMnist from a folder", () => {
  it.each([false, true])("reads any data set of the layout, with its own image size (packed: %s)", async (packed) => {
    const data = await load({ data: await write(join(folder, "d"), {}, packed) });
    expectSmallSet(data);
    expect(data.source).toBe("folder");
    expect(data.description).toBe(`3 training and 2 test images of 2×3, from the folder ${join(folder, "d")}`);
  });

  const images = FILES["train-images-idx3-ubyte"];
  const BROKEN: [what: string, changed: Partial<Record<string, Buffer | undefined>>, packed: boolean, error: typeof FormatError | typeof ValueError, message: string][] = [
    ["a missing file", { "t10k-labels-idx1-ubyte": undefined }, false, ValueError, "data: expected t10k-labels-idx1-ubyte or t10k-labels-idx1-ubyte.gz in "],
    ["a truncated file", { "train-images-idx3-ubyte": images.subarray(0, -1) }, false, FormatError, "train-images-idx3-ubyte: expected 34 bytes for shape [3, 2, 3], got 33"],
    ["labels in place of images", { "train-images-idx3-ubyte": FILES["train-labels-idx1-ubyte"] }, false, FormatError, "train-images-idx3-ubyte: expected rank 3"],
    ["a wrong magic", { "train-labels-idx1-ubyte": Buffer.from("hello, there") }, false, FormatError, "train-labels-idx1-ubyte: expected an IDX file"],
    ["gzip that breaks off", { "train-images-idx3-ubyte.gz": gzipSync(images).subarray(0, -4) }, true, FormatError, "train-images-idx3-ubyte.gz: expected a whole gzip file"],
    ["labels that disagree in count", { "t10k-labels-idx1-ubyte": idx(3)(1, 2, 3) }, false, FormatError, "t10k-labels-idx1-ubyte: expected 2 labels, one for each image of"],
    ["a label above 9", { "train-labels-idx1-ubyte": idx(3)(1, 10, 3) }, false, FormatError, "train-labels-idx1-ubyte: expected labels 0 to 9, got 10 for image 1"],
    ["no images", { "train-images-idx3-ubyte": idx(0, 2, 3)(), "train-labels-idx1-ubyte": idx(0)() }, false, FormatError, "expected at least one image, got shape [0, 2, 3]"],
    ["test images of another size", { "t10k-images-idx3-ubyte": idx(2, 1, 3)(1, 2, 3, 4, 5, 6) }, false, FormatError, "t10k-images-idx3-ubyte: expected images of 2×3 as in"],
  ];
  it.each(BROKEN)("names what is wrong with %s, and falls back to nothing", async (_what, changed, packed, error, message) => {
    const data = await write(join(folder, "d"), changed, packed);
    await write(join(folder, "cache"));
    await expect(load({ data })).rejects.toThrow(error);
    await expect(load({ data })).rejects.toThrow(message);
  });

  it("refuses options it does not know, rather than to look elsewhere than it was told to", async () => {
    await expect(loadMnist({ path: "somewhere" } as object)).rejects.toThrow(/mnist: no option is called "path"; .* Did you mean "data"/);
  });

  it("refuses a folder that is none", async () => {
    const data = join(folder, "nowhere");
    await expect(load({ data })).rejects.toThrow(ValueError);
    await expect(load({ data })).rejects.toThrow(`data: expected a folder with train-images-idx3-ubyte[.gz] and its three companions, ${data} is none`);
  });
});

describe("loadMnist by download", () => {
  it("downloads once, verifies, keeps the files, and then needs no server", async () => {
    const mirror = await serve();
    const seen: string[] = [];
    const first = await load({ baseUrls: [mirror.url], onProgress: ({ file, receivedBytes, totalBytes }) => receivedBytes === totalBytes && seen.push(file) });
    expect(first.source).toBe("download");
    expectSmallSet(first);
    expect(seen).toEqual([...MNIST_FILES]);
    expect((await readdir(join(folder, "cache"))).sort()).toEqual([...MNIST_FILES].sort());
    const second = await load({ baseUrls: [mirror.url] });
    expect(second.source).toBe("cache");
    expect(second.description).toBe(`3 training and 2 test images of 2×3, MNIST from the cache ${join(folder, "cache")}`);
    expectSmallSet(second);
    expect(mirror.requests.length).toBe(4);
  });

  it("fetches again what is damaged in the cache, and only that", async () => {
    const mirror = await serve();
    await write(join(folder, "cache"), { "t10k-labels-idx1-ubyte": idx(2)(3, 3) });
    expectSmallSet(await load({ baseUrls: [mirror.url] }));
    expect(mirror.requests).toEqual(["/mnist/t10k-labels-idx1-ubyte.gz"]);
    expect((await load({ baseUrls: [] })).source).toBe("cache");
  });

  const BAD: [what: string, answer: RequestListener, reason: string][] = [
    ["another checksum", (_, response) => void response.end(gzipSync("something else")), "expected SHA-256 "],
    ["a body that is no gzip", (_, response) => void response.end("<html>log in</html>"), "expected SHA-256 "],
    ["gzip that breaks off", (request, response) => void response.end(packedOf(request.url!).subarray(0, -6)), "expected a whole gzip file"],
    ["a status of 404", (_, response) => void response.writeHead(404).end("no"), "status 404"],
    ["no answer in time", () => {}, "no answer within 0.2 s"],
    ["a body that stalls", (_, response) => void response.writeHead(200, { "content-length": 100 }).write("x"), "no bytes for 0.3 s"],
    [
      "a connection that breaks off",
      (request, response) => {
        response.writeHead(200, { "content-length": 1000 });
        response.write(packedOf(request.url!), () => response.destroy());
      },
      "gz: ",
    ],
  ];
  const limits = { connectTimeoutMs: 200, stallTimeoutMs: 300 };

  it.each(BAD)("goes to the next mirror after %s", async (_what, answer) => {
    const [bad, mirror] = [await serve(answer), await serve()];
    const data = await load({ baseUrls: [bad.url, mirror.url], ...limits });
    expect(data.source).toBe("download");
    expectSmallSet(data);
    // A mirror that failed once is not asked again.
    expect([bad.requests.length, mirror.requests.length]).toEqual([1, 4]);
  });

  it.each(BAD)("generates digits and says why after %s at the only mirror; keeps nothing", async (_what, answer, reason) => {
    const bad = await serve(answer);
    const data = await load({ baseUrls: [`${bad.url}/`], ...limits });
    expect(data.source).toBe("generated");
    expect(data.description).toContain("5 training and 3 test images of 28×28, handwriting-like digits made by edgegrad's generator, not MNIST (");
    expect(data.description).toContain(`${bad.url}/train-images-idx3-ubyte.gz: `);
    expect(data.description).toContain(reason);
    expect(await readdir(folder)).toEqual([]);
  });

  it("generates digits when every connection is refused, and never mixes training and test images", async () => {
    const data = await load({ baseUrls: ["http://127.0.0.1:1/a", "http://127.0.0.1:1/b"] });
    expect(data.source).toBe("generated");
    expect(data.description).toMatch(/127\.0\.0\.1:1\/a\/\S+: \S.*; .*127\.0\.0\.1:1\/b/);
    expect([data.train.count, data.test.count, data.train.images.length]).toEqual([5, 3, 5 * 784]);
    expect(data.test.images.slice(0, 784)).not.toEqual(data.train.images.slice(0, 784));
  });

  it("downloads nothing when there is no mirror", async () => {
    const data = await load({ baseUrls: [] });
    expect(data.source).toBe("generated");
    expect(data.description).toContain(`${join(folder, "cache")} holds no MNIST and nothing may be downloaded`);
  });

  it("goes on when the cache cannot be written, and says so", async () => {
    await writeFile(join(folder, "file"), "in the way");
    const mirror = await serve();
    const data = await load({ baseUrls: [mirror.url], cache: join(folder, "file", "cache") });
    expectSmallSet(data);
    expect(data.description).toContain("not kept: ");
  });
});

describe("MNIST", () => {
  it("has 60,000 and 10,000 images of 28×28 and the published checksums", async (context) => {
    const data = await loadMnist({ data: needMnist(context) });
    expect([data.train.count, data.test.count, data.height, data.width]).toEqual([60000, 10000, 28, 28]);
    expect([...data.train.labels.slice(0, 5), ...data.test.labels.slice(0, 5)]).toEqual([5, 0, 4, 1, 9, 7, 2, 1, 0, 4]);
    const sum = (header: Buffer, body: Uint8Array): string => createHash("sha256").update(header).update(body).digest("hex");
    const big = (value: number): number[] => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
    const images = (count: number): Buffer => Buffer.from([0, 0, 8, 3, ...big(count), ...big(28), ...big(28)]);
    const labels = (count: number): Buffer => Buffer.from([0, 0, 8, 1, ...big(count)]);
    expect({
      "train-images-idx3-ubyte": sum(images(60000), data.train.images),
      "train-labels-idx1-ubyte": sum(labels(60000), data.train.labels),
      "t10k-images-idx3-ubyte": sum(images(10000), data.test.images),
      "t10k-labels-idx1-ubyte": sum(labels(10000), data.test.labels),
    }).toEqual(MNIST_SHA256);
  });
});

describe("loadFashionMnist", () => {
  const packedChecksums = Object.fromEntries(MNIST_FILES.map((file) => [file, createHash("sha256").update(gzipSync(FILES[file])).digest("hex")])) as MnistChecksums;

  it("downloads the packed files, keeps them as they are, and finds them again", async () => {
    const { url, requests } = await serve();
    const options = { cache: folder, baseUrls: [url], checksums: packedChecksums };
    const first = await loadFashionMnist(options);
    expect([first.source, first.train.count, [...first.test.labels]]).toEqual(["download", 3, [1, 2]]);
    expect((await readdir(folder)).sort()).toEqual(MNIST_FILES.map((file) => `${file}.gz`).sort());
    const second = await loadFashionMnist(options);
    expect([second.source, requests.length, second.description]).toEqual(["cache", 4, expect.stringContaining("Fashion-MNIST from the cache")]);
    expect(second.train).toEqual(first.train);
  });

  it("refuses bytes of another checksum, and never gives digits instead", async () => {
    const { url } = await serve();
    await expect(loadFashionMnist({ cache: folder, baseUrls: [url] })).rejects.toThrow(/Fashion-MNIST: expected to find or download it: .*expected SHA-256 3aede38d.* of the packed bytes/);
    await expect(loadFashionMnist({ cache: folder, baseUrls: [] })).rejects.toThrow("holds no Fashion-MNIST and nothing may be downloaded. Put its four files into a folder");
    expect(await readdir(folder)).toEqual([]);
  });
});
