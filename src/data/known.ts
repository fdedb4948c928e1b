// Known data sets and made-up ones, one call each.
export { loadMnist as mnist, type MnistData, type MnistOptions } from "./mnist.js";
export { blobs, cells, circles, linearRegression, moons, spirals, type CellsData, type PointsOptions, type RegressionOptions, type SyntheticData } from "./synthetic.js";
