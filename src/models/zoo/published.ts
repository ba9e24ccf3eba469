/**
 * What papers say of their networks. `isRecalled` marks figures from memory of the paper, not read again in it; to be used with care.
 */

export interface PublishedResult {
  /** Of what: "ImageNet 2012 validation, top-5 error, 10 crops". */
  readonly measure: string;
  /** In percent. */
  readonly percent: number;
  readonly isRecalled?: boolean;
}

const recalled = (measure: string, percent: number): PublishedResult => ({
  measure,
  percent,
  isRecalled: true,
});
const read = (measure: string, percent: number): PublishedResult => ({ measure, percent });

const tenCrops = (top1: number, top5: number): PublishedResult[] => [
  read('ImageNet 2012 validation, top-1 error, 10 crops', top1),
  read('ImageNet 2012 validation, top-5 error, 10 crops', top5),
];

const cifar10 = (error: number): PublishedResult[] => [read('CIFAR-10, test error', error)];

/** Kim's table 2: MR, SST-1, SST-2, Subj, TREC, CR, MPQA. */
const kim = (...accuracies: readonly number[]): PublishedResult[] =>
  ['MR', 'SST-1', 'SST-2', 'Subj', 'TREC', 'CR', 'MPQA'].map((task, i) =>
    recalled(`${task}, accuracy`, accuracies[i]),
  );

/** By the name of the network in the registry. */
export const PUBLISHED: Readonly<Record<string, readonly PublishedResult[]>> = {
  lenet5: [
    recalled('MNIST, test error', 0.95),
    recalled('MNIST with distorted training images, test error', 0.8),
  ],
  alexnet: [
    read('ImageNet 2012 validation, top-1 error, one network', 40.7),
    read('ImageNet 2012 validation, top-5 error, one network', 18.2),
    read('ImageNet 2012 validation, top-5 error, mean of 5', 16.4),
    read('ImageNet 2012 validation, top-5 error, mean of 7, pretrained', 15.4),
    read('ImageNet 2012 test, top-5 error, mean of 7, pretrained', 15.3),
  ],
  vgg16: [
    recalled('ImageNet 2012 validation, top-1 error, one scale', 25.6),
    recalled('ImageNet 2012 validation, top-5 error, one scale', 8.1),
    recalled('ImageNet 2012 validation, top-5 error, many scales', 7.5),
  ],
  vgg19: [
    recalled('ImageNet 2012 validation, top-1 error, one scale', 25.5),
    recalled('ImageNet 2012 validation, top-5 error, one scale', 8.0),
    recalled('ImageNet 2012 validation, top-5 error, many crops and dense', 7.1),
  ],
  googlenet: [
    recalled('ImageNet 2014 validation, top-5 error, one network, one crop', 10.07),
    read('ImageNet 2014 validation, top-5 error, one network, 10 crops', 9.15),
    recalled('ImageNet 2014 test, top-5 error, 7 networks, 144 crops', 6.67),
  ],
  resnet34: tenCrops(24.52, 7.46),
  resnet50: tenCrops(22.85, 6.71),
  resnet101: tenCrops(21.75, 6.05),
  resnet152: [
    ...tenCrops(21.43, 5.71),
    recalled('ImageNet 2012 validation, top-5 error, many scales', 4.49),
    recalled('ImageNet 2015 test, top-5 error, ensemble', 3.57),
  ],
  resnet20: cifar10(8.75),
  resnet32: cifar10(7.51),
  resnet44: cifar10(7.17),
  resnet56: cifar10(6.97),
  resnet110: [
    ...cifar10(6.43),
    read('CIFAR-10, test error, the same trained by Huang et al. 2016', 6.41),
    read('CIFAR-10, test error, stochastic depth', 5.25),
  ],
  'kim-rand': kim(76.1, 45.0, 82.7, 89.6, 91.2, 79.8, 83.4),
  'kim-static': kim(81.0, 45.5, 86.8, 93.0, 92.8, 84.7, 89.6),
  'kim-non-static': kim(81.5, 48.0, 87.2, 93.4, 93.6, 84.3, 89.5),
  'kim-multichannel': kim(81.1, 47.4, 88.1, 93.2, 92.2, 85.0, 89.4),
  'alphago-policy-128': [read('KGS 6 dan and above, the human move, test', 54.6)],
  'alphago-policy-192': [read('KGS 6 dan and above, the human move, test', 55.4)],
  'alphago-policy-256': [
    read('KGS 6 dan and above, the human move, test', 55.9),
    read('KGS 6 dan and above, the human move, test, mean of 8 symmetries', 57.0),
  ],
};
