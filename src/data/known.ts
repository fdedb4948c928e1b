// Known data sets and made-up ones, one call each.
export { FASHION_CLASSES, loadFashionMnist as fashionMnist, loadMnist as mnist, type MnistData, type MnistOptions } from "./mnist.js";
export { blobs, cells, circles, linearRegression, moons, spirals, type CellsData, type PointsOptions, type RegressionOptions, type SyntheticData } from "./synthetic.js";
