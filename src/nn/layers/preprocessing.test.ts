import { beforeAll, describe, expect, it } from "vitest";
import { array, fromArrays, generator } from "../../data/index.js";
import { init, tensor } from "../../engine/index.js";
import { sequential } from "../sequential.js";
import { modelFromBytes, modelToBytes } from "../serialize.js";
import { categoryEncoding, centerCrop, dense, discretization, hashing, integerLookup, normalization, resizing, stringLookup, textVectorization } from "./index.js";

beforeAll(() => init());

const TABLE = [[1, 10], [2, 30], [3, 20], [6, 60]]; // prettier-ignore
/** Means 3 and 30, variances 3.5 and 350. */
const SCALED = TABLE.map(([a, b]) => [(a! - 3) / Math.sqrt(3.5), (b! - 30) / Math.sqrt(350)]);

describe("normalization", () => {
  it("learns mean and variance of each feature from data, before or after it is built", () => {
    const early = normalization().adapt(TABLE);
    const late = normalization();
    late.build([2]);
    late.adapt(tensor(TABLE));
    for (const layer of [early, late]) {
      const y = layer.apply(tensor(TABLE)).arraySync() as number[][];
      y.forEach((row, i) => row.forEach((value, j) => expect(value).toBeCloseTo(SCALED[i]![j]!, 6)));
      expect(layer.weights.map(({ name, trainable }) => [name, trainable])).toEqual([["normalization/mean", false], ["normalization/variance", false]]);
    }
  });

  it("takes what is known, inverts itself, and leaves a feature that never changes finite", () => {
    const there = normalization({ mean: 3, variance: [4, 16] });
    expect(there.apply(tensor([[5, 7]])).arraySync()).toEqual([[1, 1]]);
    expect(normalization({ mean: 3, variance: [4, 16], invert: true }).apply(tensor([[1, 1]])).arraySync()).toEqual([[5, 7]]);
    expect(normalization().adapt([[7], [7]]).apply(tensor([[7]])).arraySync()).toEqual([[0]]); // prettier-ignore
    const one = normalization({ axis: null }).adapt(TABLE);
    expect(one.apply(tensor([[16.5, 16.5]])).arraySync()).toEqual([[0, 0]]);
  });

  it("keeps what it learned in files, and training does not move it", async () => {
    const model = sequential({ layers: [normalization({ inputShape: [2] }).adapt(TABLE), dense({ units: 1 })] });
    model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
    await model.fit(TABLE, [[1], [2], [3], [4]], { epochs: 1, verbose: 0 });
    const again = modelFromBytes(await modelToBytes(model));
    expect(again.weights.slice(0, 2).map((weight) => [...weight.dataSync()])).toEqual([[3, 30], [3.5, 350]]); // prettier-ignore
    expect(again.predictOnBatch(TABLE).dataSync()).toEqual(model.predictOnBatch(TABLE).dataSync());
  });

  it.each<[string, () => unknown, RegExp]>([
    ["no data", () => normalization().adapt(tensor(new Float32Array(0), [0, 2])), /adapt: expected examples, got none/],
    ["mean alone", () => normalization({ mean: 1 }), /mean and variance both, or neither, got mean alone/],
    ["adapting what is given", () => normalization({ mean: 1, variance: 1 }).adapt(TABLE), /were given as options/],
    ["a negative variance", () => normalization({ mean: 1, variance: -1 }), /variance: expected numbers from 0/],
    ["another number of features", () => normalization().adapt(TABLE).build([3]), /like those it was adapted to, with sizes \[2\]/],
    ["as many means as nothing has", () => normalization({ mean: [1, 2], variance: 1 }).build([3]), /mean: expected 1 or 3 numbers/],
    ["an axis that is not there", () => normalization({ axis: 4 }).build([3]), /axis/],
  ])("refuses %s", (_name, run, message) => {
    expect(run).toThrow(message);
  });
});

describe("sizes of images", () => {
  const image = tensor(Float32Array.from({ length: 16 }, (_, i) => i), [1, 4, 4, 1]);
  const pixels = (x: { dataSync(): ArrayLike<number> }): number[] => Array.from(x.dataSync());

  it("halves by the mean of four pixels, and by the nearest of them", () => {
    expect(pixels(resizing({ height: 2, width: 2 }).apply(image))).toEqual([2.5, 4.5, 10.5, 12.5]);
    expect(pixels(resizing({ height: 2, width: 2, interpolation: "nearest" }).apply(image))).toEqual([5, 7, 13, 15]);
  });

  it("cuts off or fills up instead of stretching", () => {
    expect(pixels(resizing({ height: 2, width: 4, cropToAspectRatio: true }).apply(image))).toEqual([4, 5, 6, 7, 8, 9, 10, 11]);
    expect(pixels(resizing({ height: 4, width: 8, padToAspectRatio: true, fillValue: -1 }).apply(image)).slice(0, 8)).toEqual([-1, -1, 0, 1, 2, 3, -1, -1]);
  });

  it("takes the middle, or enlarges what is smaller", () => {
    expect(pixels(centerCrop({ height: 2, width: 2 }).apply(image))).toEqual([5, 6, 9, 10]);
    expect(centerCrop({ height: 8, width: 8 }).apply(image).shape).toEqual([1, 8, 8, 1]);
    expect(() => centerCrop({ height: 2, width: 2 }).outputShape([4, 4])).toThrow(/Add an axis for the channels/);
    expect(() => resizing({ height: 0, width: 2 })).toThrow(/resizing "resizing": height/);
    expect(() => resizing({ height: 2, width: 2, interpolation: "cubic" as never })).toThrow(/interpolation: expected one of "bilinear", "nearest"/);
  });
});

describe("categories", () => {
  const x = tensor([[0, 2, 2], [1, 1, 0]], undefined, "int32"); // prettier-ignore

  it("oneHot, multiHot and count", () => {
    expect(categoryEncoding({ numTokens: 4 }).apply(x).arraySync()).toEqual([[1, 0, 1, 0], [1, 1, 0, 0]]); // prettier-ignore
    expect(categoryEncoding({ numTokens: 4, outputMode: "count" }).apply(x).arraySync()).toEqual([[1, 0, 2, 0], [1, 2, 0, 0]]); // prettier-ignore
    expect(categoryEncoding({ numTokens: 3, outputMode: "oneHot" }).apply(tensor([[2], [0]])).arraySync()).toEqual([[0, 0, 1], [1, 0, 0]]); // prettier-ignore
    expect(() => categoryEncoding({ numTokens: 2 }).apply(x).dataSync()).toThrow(/out of range/);
    expect(() => categoryEncoding({ numTokens: 2, outputMode: "int" as never })).toThrow(/outputMode/);
  });

  it("discretization numbers ranges: a boundary belongs to the range above", () => {
    expect(discretization({ binBoundaries: [0, 1, 2] }).apply(tensor([[-1, 0, 0.5, 2, 9]])).arraySync()).toEqual([[0, 1, 1, 3, 3]]);
    const layer = discretization({ numBins: 4 }).adapt(Array.from({ length: 101 }, (_, i) => 100 - i));
    expect(layer.binBoundaries).toEqual([25, 50, 75]);
    expect(() => discretization({ numBins: 4 }).apply(tensor([[1]]))).toThrow(/not known yet. Call adapt/);
    expect(() => discretization({ binBoundaries: [1, 0] })).toThrow(/do not fall, got \[1,0\]/);
    expect(() => discretization({})).toThrow(/either binBoundaries or numBins, got neither/);
    expect(() => discretization({ numBins: 3 }).adapt(new Float32Array(0))).toThrow(/expected examples, got none/);
    expect(() => discretization({ binBoundaries: [1] }).adapt([1])).toThrow(/were given/);
  });
});

describe("adapt of a data set", () => {
  const batches = array(TABLE).batch(3);

  it("normalization: the moments of all batches, as from the array", async () => {
    const layer = await normalization().adapt(batches);
    const [mean, variance] = [layer, normalization().adapt(TABLE)].map((each) => (each.build([2]), each.weights.map((weight) => [...weight.dataSync()])));
    expect(mean).toEqual(variance);
    // An offset of 10⁶ would swallow the variance if squares were added up without the mean.
    const far = await normalization({ axis: null }).adapt(array(Array.from({ length: 64 }, (_, i) => [1e6 + (i % 2)])).batch(5));
    far.build([1]);
    expect(far.weights.map((weight) => weight.dataSync()[0])).toEqual([1e6 + 0.5, 0.25]);
  });

  it("discretization, integerLookup and stringLookup: as from the array", async () => {
    const numbers = Array.from({ length: 101 }, (_, i) => 100 - i);
    expect((await discretization({ numBins: 4 }).adapt(array(numbers).batch(8))).binBoundaries).toEqual([25, 50, 75]);
    expect((await integerLookup({ maxTokens: 4 }).adapt(array([3, 9, 9, 1, 3, 9, 7]).batch(2))).getVocabulary()).toEqual([-1, 9, 3, 7]);
    expect((await stringLookup().adapt(array(["a", "c", "d", "d", "z", "b"]).batch(4))).getVocabulary()).toEqual(["[UNK]", "d", "z", "c", "b", "a"]);
  });

  it.each<[string, () => Promise<unknown>, RegExp]>([
    ["one without end", () => normalization().adapt(batches.repeat()), /normalization "normalization": adapt: expected a data set that ends/],
    ["an empty one", () => normalization().adapt(array([] as number[][]).batch(2)), /adapt: expected examples, got none/],
    ["examples with labels", async () => normalization().adapt(fromArrays({ xs: TABLE, ys: [1, 2, 3, 4] }).batch(2) as never), /the fields xs, ys. Pick one: dataset\.map/],
    ["numbers alone", async () => normalization().adapt(array([1, 2]) as never), /got a number. Put examples into batches first/],
    ["batches of unequal width", () => normalization().adapt(array([[[1, 2]], [[1]]])), /sizes \[2\] along axis -1, as before, got \[1, 1\]/],
    ["an error on the way", () => stringLookup().adapt(generator(function* () { yield ["a"]; throw new Error("disk gone"); })), /generator: element 1: disk gone/], // prettier-ignore
  ])("refuses %s", async (_name, run, message) => {
    await expect(run()).rejects.toThrow(message);
  });
});

describe("output modes of lookups", () => {
  it("categoryEncoding counts by weights", () => {
    const layer = categoryEncoding({ numTokens: 4, outputMode: "count" });
    expect(layer.apply([tensor([[0, 2, 2]], undefined, "int32"), tensor([[0.5, 1, 0.25]])]).arraySync()).toEqual([[0.5, 0, 1.25, 0]]);
    expect(() => layer.apply([tensor([[0, 2, 2]]), tensor([[0.5]])])).toThrow(/numbers and weights of equal shape, got \[batch, 3\] and \[batch, 1\]/);
    expect(() => categoryEncoding({ numTokens: 4 }).apply([tensor([[0]]), tensor([[1]])])).toThrow(/Weights of counts take outputMode "count"/);
  });

  it("leave the mask token out, unless numbers are wanted", () => {
    const options = { vocabulary: ["cat", "dog"], maskToken: "" };
    expect(stringLookup(options).apply(["", "dog", "fish"]).arraySync()).toEqual([0, 3, 1]);
    const counts = stringLookup({ ...options, outputMode: "count" });
    expect(counts.getVocabulary()).toEqual(["[UNK]", "cat", "dog"]);
    expect(counts.apply([["", "dog", "fish"], ["dog", "", "dog"]]).arraySync()).toEqual([[1, 0, 1], [0, 0, 2]]); // prettier-ignore
    expect(integerLookup({ vocabulary: [5, 7], maskToken: 0, outputMode: "multiHot" }).apply(tensor([[0, 7, 0]], undefined, "int32")).arraySync()).toEqual([[0, 0, 1]]);
  });

  it("padToMaxTokens gives encodings maxTokens columns, however many tokens are known", () => {
    const padded = { maxTokens: 5, padToMaxTokens: true, outputMode: "count" } as const;
    expect(stringLookup({ ...padded, vocabulary: ["a"] }).apply(["a", "b", "a"]).arraySync()).toEqual([[0, 1, 0, 0, 0], [1, 0, 0, 0, 0], [0, 1, 0, 0, 0]]); // prettier-ignore
    const whole = integerLookup({ ...padded, vocabulary: [7], maskToken: 0 });
    expect(whole.outputShape([3])).toEqual([5]);
    expect(whole.apply(tensor([[7, 0, 9]], undefined, "int32")).arraySync()).toEqual([[1, 1, 0, 0, 0]]);
    const texts = textVectorization({ maxTokens: 4, padToMaxTokens: true, outputMode: "tfIdf", vocabulary: ["a"], idfWeights: [2] });
    expect(texts.apply(["a a b", "b"]).arraySync()).toEqual([[2, 4, 0, 0], [2, 0, 0, 0]]); // prettier-ignore
    expect(textVectorization(texts.config()).apply(["a"]).arraySync()).toEqual([[0, 2, 0, 0]]);
    expect(() => integerLookup({ padToMaxTokens: true })).toThrow(/padToMaxTokens: expected maxTokens with it, got none/);
  });

  it("says that there is no vocabulary yet", () => {
    for (const apply of [() => textVectorization().apply(["a"]), () => stringLookup().apply(["a"])]) expect(apply).toThrow(/its vocabulary is not known yet. Call adapt/);
  });

  it("tfIdf: counts times ln(1 + examples / (1 + examples with the token))", () => {
    const documents = [["a", "b", "a"], ["a", "c", "c"], ["a", "b", "c"]]; // prettier-ignore
    const lookup = stringLookup({ outputMode: "tf_idf" as never }).adapt(documents);
    expect(lookup.getVocabulary()).toEqual(["[UNK]", "a", "c", "b"]);
    const [all, two] = [Math.log(1 + 3 / 4), Math.log(1 + 3 / 3)];
    const expected = [[(all + two + two) / 3, 2 * all, 0, 0], [0, all, 0, two * 2]]; // prettier-ignore
    const got = lookup.apply([["a", "x", "a"], ["b", "a", "b"]]).arraySync() as number[][]; // prettier-ignore
    got.flat().forEach((value, i) => expect(value).toBeCloseTo(expected.flat()[i]!, 6));
    expect(stringLookup(lookup.config()).apply([["a", "x", "a"], ["b", "a", "b"]]).arraySync()).toEqual(got); // prettier-ignore
    expect(() => stringLookup({ vocabulary: ["a"], outputMode: "tfIdf" })).toThrow(/idfWeights: expected 1 weights, one for each token/);
    expect(() => stringLookup({ vocabulary: ["a"], idfWeights: [1] })).toThrow(/only with vocabulary and outputMode "tfIdf"/);
    expect(() => discretization({ binBoundaries: [1], outputMode: "tfIdf" as never })).toThrow(/outputMode/);
  });
});

describe("textVectorization", () => {
  const texts = ["The rose, the ROSE!", "a  thorn", "the thorn"];

  it("lowers, strips punctuation, splits, counts; fills up with 0", () => {
    const layer = textVectorization().adapt(texts);
    expect(layer.getVocabulary()).toEqual(["", "[UNK]", "the", "thorn", "rose", "a"]);
    expect(layer.apply(["A rose?", "the blue thorn"]).arraySync()).toEqual([[5, 4, 0], [2, 1, 3]]); // prettier-ignore
    expect(layer.apply([""]).arraySync()).toEqual([[0]]);
    expect(textVectorization({ ...layer.config(), outputSequenceLength: 2 }).apply(["a rose thorn", "a"]).arraySync()).toEqual([[5, 4], [5, 0]]); // prettier-ignore
    expect(textVectorization({ maxTokens: 3 }).adapt(texts).getVocabulary()).toEqual(["", "[UNK]", "the"]);
  });

  it("encodes by the modes, padding left out", () => {
    const vocabulary = ["a", "rose"];
    const apply = (outputMode: "multiHot" | "count"): unknown => textVectorization({ vocabulary, outputMode }).apply(["rose rose is a", "a"]).arraySync();
    expect(apply("multiHot")).toEqual([[1, 1, 1], [0, 1, 0]]); // prettier-ignore
    expect(apply("count")).toEqual([[1, 1, 2], [0, 1, 0]]); // prettier-ignore
    const weighted = textVectorization({ vocabulary, idfWeights: [0.5, 2], outputMode: "tfIdf" });
    expect(weighted.apply(["rose rose is a"]).arraySync()).toEqual([[1.25, 0.5, 4]]);
    expect(textVectorization(weighted.config()).apply(["rose"]).arraySync()).toEqual([[0, 0, 2]]);
  });

  it("ngrams, characters, functions, and data sets", async () => {
    expect(textVectorization({ ngrams: 2 }).adapt(["a b c"]).getVocabulary()).toEqual(["", "[UNK]", "c", "b c", "b", "a b", "a"]);
    expect(textVectorization({ ngrams: [2], vocabulary: ["a b"] }).apply(["a b a b"]).arraySync()).toEqual([[2, 1, 2]]);
    expect(textVectorization({ split: "character", vocabulary: ["o", "r"] }).apply(["Ro"]).arraySync()).toEqual([[3, 2]]);
    const own = textVectorization({ standardize: null, split: (text) => text.split("-"), vocabulary: ["A"] });
    expect(own.apply(["A-a"]).arraySync()).toEqual([[2, 1]]);
    expect(() => own.config()).toThrow(/split: a file holds no functions/);
    expect((await textVectorization().adapt(array(texts).batch(2))).getVocabulary()).toEqual(textVectorization().adapt(texts).getVocabulary());
  });

  it.each<[string, () => unknown, RegExp]>([
    ["what is no list", () => textVectorization({ vocabulary: ["a"] }).apply("a" as never), /expected a list of strings, got "a"/],
    ["no texts", () => textVectorization({ vocabulary: ["a"] }).apply([]), /expected texts, got none/],
    ["a number", () => textVectorization().adapt(["a", 1] as never), /expected strings, got 1/],
    ["texts without words", () => textVectorization().adapt([" ", "..."]), /adapt: expected tokens, got none/],
    ["an unknown word of an option", () => textVectorization({ standardize: "upper" as never }), /standardize: expected one of/],
    ["a length of rows that have none", () => textVectorization({ outputMode: "count", outputSequenceLength: 3 }), /only with outputMode "int"/],
  ])("refuses %s", (_name, run, message) => {
    expect(run).toThrow(message);
  });
});

describe("hashing", () => {
  it("gives equal tokens equal numbers below numBins, 0 to the mask alone", () => {
    const words = Array.from({ length: 60 }, (_, i) => `word ${i % 30}`);
    const found = [...hashing({ numBins: 5, maskValue: "" }).apply(["", ...words]).dataSync()];
    expect(found[0]).toBe(0);
    expect(new Set(found.slice(1))).toEqual(new Set([1, 2, 3, 4]));
    expect(found.slice(1, 31)).toEqual(found.slice(31));
    expect([...hashing({ numBins: 5, maskValue: "", salt: 7 }).apply(words).dataSync()]).not.toEqual(found.slice(1));
    const numbers = hashing({ numBins: 3, outputMode: "oneHot" });
    expect(hashing(numbers.config() as never).apply(tensor([[4], [9]], undefined, "int32")).shape).toEqual([2, 3]);
    expect([...hashing({ numBins: 9 }).apply(tensor([12], undefined, "int32")).dataSync()]).toEqual([...hashing({ numBins: 9 }).apply(["12"]).dataSync()]);
    expect(() => hashing({ numBins: 0 })).toThrow(/numBins/);
    expect(() => hashing({ numBins: 1, maskValue: "" })).toThrow(/numBins/);
    expect(() => hashing({ numBins: 2 }).apply([["a"], ["b", "c"]])).toThrow(/as long as their neighbours/);
  });
});

describe("lookups", () => {
  it("integerLookup: the mask token, unknown ones, those that are known; and back", () => {
    const layer = integerLookup({ vocabulary: [100, -7, 12], maskToken: 0 });
    const x = tensor([[12, 0, 5, 100, -7, -8]], undefined, "int32");
    expect(layer.apply(x).arraySync()).toEqual([[4, 0, 1, 2, 3, 1]]);
    expect(layer.getVocabulary()).toEqual([0, -1, 100, -7, 12]);
    expect(integerLookup({ vocabulary: [100, -7, 12], maskToken: 0, invert: true }).apply(tensor([[4, 0, 1, 2, 3, 77]], undefined, "int32")).arraySync()).toEqual([[12, 0, -1, 100, -7, -1]]);
    expect(integerLookup({ vocabulary: [5], numOovIndices: 3 }).apply(tensor([[7, 8, 9, 5]], undefined, "int32")).arraySync()).toEqual([[1, 2, 0, 3]]);
    expect(() => integerLookup({ vocabulary: [5], numOovIndices: 0 }).apply(tensor([[6]], undefined, "int32")).dataSync()).toThrow(/out of range/);
  });

  it("integerLookup learns the most frequent first, of equally frequent ones the largest", () => {
    const layer = integerLookup({ maxTokens: 4 }).adapt([3, 9, 9, 1, 3, 9, 7]);
    expect(layer.getVocabulary()).toEqual([-1, 9, 3, 7]);
    expect(integerLookup(layer.config()).getVocabulary()).toEqual([-1, 9, 3, 7]);
  });

  it("stringLookup: strings to numbers in their shape, and back", () => {
    const lookup = stringLookup({ vocabulary: ["cat", "dog"] });
    expect(lookup.apply([["dog", "fish"], ["cat", "cat"]]).arraySync()).toEqual([[2, 0], [1, 1]]); // prettier-ignore
    expect(stringLookup({ ...lookup.config(), invert: true }).apply([2, 0, 1, 9])).toEqual(["dog", "[UNK]", "cat", "[UNK]"]);
    expect(stringLookup({ vocabulary: ["cat", "dog"], outputMode: "multiHot" }).apply([["dog", "fish"]]).arraySync()).toEqual([[1, 0, 1]]);
    // Keras' own example: equally frequent words from the end of the alphabet.
    expect(stringLookup().adapt([["a", "c", "d"], ["d", "z", "b"]]).getVocabulary()).toEqual(["[UNK]", "d", "z", "c", "b", "a"]); // prettier-ignore
  });

  it("stringLookup spreads unknown strings over several numbers, always the same way", () => {
    const lookup = stringLookup({ vocabulary: ["a"], numOovIndices: 4, maskToken: "" });
    const words = Array.from({ length: 40 }, (_, i) => `word ${i}`);
    const found = [...lookup.apply(words).dataSync()];
    expect(new Set(found)).toEqual(new Set([1, 2, 3, 4]));
    expect([...lookup.apply(words).dataSync()]).toEqual(found);
    expect(lookup.apply(["", "a"]).arraySync()).toEqual([0, 5]);
  });

  it.each<[string, () => unknown, RegExp]>([
    ["a token twice", () => stringLookup({ vocabulary: ["a", "b", "a"] }), /expected each token once, "a" stands at 0 and at 2/],
    ["a number twice", () => integerLookup({ vocabulary: [1, 1] }), /expected each token once, 1 stands at 0 and at 1/],
    ["no tokens", () => stringLookup({ vocabulary: [] }), /expected a list of tokens, got \[\]/],
    ["no data", () => stringLookup().adapt([]), /adapt: expected tokens, got none/],
    ["no vocabulary yet", () => stringLookup().apply(["a"]), /its vocabulary is not known yet. Call adapt/],
    ["an unknown token without a number", () => stringLookup({ vocabulary: ["a"], numOovIndices: 0 }).apply(["b"]), /expected a token of the vocabulary, got "b"/],
    ["more than maxTokens", () => stringLookup({ vocabulary: ["a", "b"], maxTokens: 2 }), /at most 1 tokens/],
    ["arrays of unequal length", () => stringLookup({ vocabulary: ["a"] }).apply([["a"], ["a", "a"]]), /as long as their neighbours, got 2 beside 1/],
    ["a number among strings", () => stringLookup({ vocabulary: ["a"] }).apply(["a", 1] as never), /expected strings in arrays, got 1/],
    ["strings on the way back", () => stringLookup({ vocabulary: ["a"], invert: true }).apply(["a"]), /expected numbers, as invert says/],
    ["the mask token as a token", () => integerLookup({ vocabulary: [0, 1], maskToken: 0 }), /mask token 0 not to be in it/],
  ])("refuse %s", (_name, run, message) => {
    expect(run).toThrow(message);
  });
});
