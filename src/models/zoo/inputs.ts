/** How the networks of the library want their pictures. */
import type { Preprocessing } from '../preprocess.ts';

/** torchvision's, for weights of its names. */
export const TORCHVISION_INPUT: Preprocessing = {
  shape: [3, 224, 224],
  resize: 256,
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
};

/** 0 to 255 less the mean of ImageNet, as the papers before batch normalisation. */
const meanLess = (side: number): Preprocessing => ({
  shape: [3, side, side],
  resize: 256,
  mean: [123.68 / 255, 116.779 / 255, 103.939 / 255],
  std: [1 / 255, 1 / 255, 1 / 255],
});

export const ALEXNET_INPUT = meanLess(227);
export const GOOGLENET_INPUT = meanLess(224);

/** Paper -0.1, ink 1.175: nearly mean 0 and variance 1. Digits of 28 x 28 in the middle of 32 x 32. */
export const LENET_INPUT: Preprocessing = {
  shape: [1, 32, 32],
  resize: { fit: 28 },
  mean: [0.1 / 1.275],
  std: [1 / 1.275],
  isInk: true,
};

/** Of the trained ResNet-20 that the tests compare with (akamaster/pytorch_resnet_cifar10). */
export const CIFAR_INPUT: Preprocessing = { ...TORCHVISION_INPUT, shape: [3, 32, 32], resize: 32 };
