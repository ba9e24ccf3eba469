/** Every network of the library by name: how it is written down, how it begins, and the counts that it is known by. */
import { firstWeights } from '../firstWeights.ts';
import { policyNetwork, valueNetwork } from '../goNetworks.ts';
import type { Preprocessing } from '../preprocess.ts';
import type { NetworkSpec } from '../spec.ts';
import {
  alexnet,
  alexnetInit,
  alexnetTorchvision,
  alexnetTorchvisionInit,
  type AlexnetPaperOptions,
} from './alexnet.ts';
import { googlenet, googlenetInit, type GooglenetForm, type GooglenetOptions } from './googlenet.ts';
import { drawInitialWeights, type Init } from './initial.ts';
import { ALEXNET_INPUT, CIFAR_INPUT, GOOGLENET_INPUT, LENET_INPUT, TORCHVISION_INPUT } from './inputs.ts';
import { kim, kimInit, type KimOptions, type KimVariant } from './kim.ts';
import {
  lenet5,
  lenet5Init,
  lenet5Modern,
  lenet5ModernInit,
  type Lenet5ModernOptions,
  type Lenet5Options,
} from './lenet5.ts';
import { cifarResnet, resnet, resnetInit, type ResnetDepth, type ResnetOptions } from './resnet.ts';
import { vgg, vggInit, type VggDepth, type VggOptions } from './vgg.ts';

/** Every option that some network has; {@link Variant.options} says which has which. */
export interface ModelOptions
  extends
    Lenet5Options,
    Lenet5ModernOptions,
    AlexnetPaperOptions,
    VggOptions,
    GooglenetOptions,
    ResnetOptions,
    Omit<KimOptions, 'variant'> {}

export type OptionName = keyof ModelOptions;

export const FAMILIES = [
  'LeNet-5',
  'AlexNet',
  'VGG',
  'GoogLeNet',
  'ResNet',
  'CIFAR ResNet',
  'Kim',
  'AlphaGo',
] as const;
export type Family = (typeof FAMILIES)[number];

/** What a network is known by, written down so that a change of a builder cannot change it unseen. */
export interface CanonicalCounts {
  /** Numbers that are learned. */
  readonly parameters: number;
  /** Running means and variances. */
  readonly statistics: number;
  /** Multiplications with additions of convolutions and dense layers. */
  readonly macs: number;
}

export interface Variant {
  readonly family: Family;
  /** For people: "VGG-16 with batch normalisation". */
  readonly title: string;
  readonly options: readonly OptionName[];
  readonly counts: CanonicalCounts;
  /** Of networks that take pictures. */
  readonly preprocessing?: Preprocessing;
  readonly spec: (options: ModelOptions) => NetworkSpec;
  /** First values from a seed. */
  readonly begin: (spec: NetworkSpec, seed: number, options: ModelOptions) => Map<string, Float32Array>;
}

const IMAGE_OPTIONS = ['numClasses', 'includeTop', 'inputShape', 'width', 'softmax'] as const;
const RESNET_OPTIONS = [...IMAGE_OPTIONS, 'shortcut', 'stochasticDepth', 'zeroInitResidual'] as const;

const counts = (parameters: number, macs: number, statistics = 0): CanonicalCounts => ({
  parameters,
  macs,
  statistics,
});

const by =
  (init: Init): Variant['begin'] =>
  (spec, seed) =>
    drawInitialWeights(spec, init, seed);

const vggVariant = (depth: VggDepth, batchNorm: boolean, known: CanonicalCounts): Variant => ({
  family: 'VGG',
  title: `VGG-${depth}${batchNorm ? ' with batch normalisation' : ''}`,
  options: [...IMAGE_OPTIONS, 'dropout', 'batchNorm'],
  counts: known,
  preprocessing: TORCHVISION_INPUT,
  spec: options => vgg(depth, { batchNorm, ...options }),
  begin: by(vggInit),
});

const googlenetVariant = (form: GooglenetForm, title: string, known: CanonicalCounts): Variant => ({
  family: 'GoogLeNet',
  title,
  options: [...IMAGE_OPTIONS, 'dropout', 'auxiliary', 'auxiliaryDropout'],
  counts: known,
  preprocessing: form === 'torchvision' ? TORCHVISION_INPUT : GOOGLENET_INPUT,
  spec: options => googlenet(form, options),
  begin: by(googlenetInit(form)),
});

const resnetVariant = (depth: ResnetDepth, known: CanonicalCounts): Variant => ({
  family: 'ResNet',
  title: `ResNet-${depth}`,
  options: depth >= 50 ? [...RESNET_OPTIONS, 'version'] : RESNET_OPTIONS,
  counts: known,
  preprocessing: TORCHVISION_INPUT,
  spec: options => resnet(depth, options),
  begin: (spec, seed, options) =>
    drawInitialWeights(spec, resnetInit(depth >= 50 ? 'bn3' : 'bn2', options), seed),
});

const cifarVariant = (depth: number, known: CanonicalCounts): Variant => ({
  family: 'CIFAR ResNet',
  title: `ResNet-${depth} for CIFAR-10`,
  options: RESNET_OPTIONS,
  counts: known,
  preprocessing: CIFAR_INPUT,
  spec: options => cifarResnet(depth, options),
  begin: (spec, seed, options) => drawInitialWeights(spec, resnetInit('bn2', options), seed),
});

const kimVariant = (variant: KimVariant, known: CanonicalCounts): Variant => ({
  family: 'Kim',
  title: `Kim's CNN for sentences, ${variant}`,
  options: [
    'numClasses',
    'softmax',
    'words',
    'size',
    'length',
    'windows',
    'maps',
    'dropout',
    ...(variant === 'multichannel' ? (['sharedFilters'] as const) : []),
  ],
  counts: known,
  spec: options => kim({ ...options, variant }),
  begin: by(kimInit),
});

const alphago = (title: string, spec: () => NetworkSpec, known: CanonicalCounts): Variant => ({
  family: 'AlphaGo',
  title,
  options: [],
  counts: known,
  spec,
  begin: firstWeights,
});

const policy = (filters: number, known: CanonicalCounts): Variant =>
  alphago(
    `AlphaGo's policy network, ${filters} filters`,
    () => policyNetwork({ layers: 13, filters, heads: [], batchNorm: false, identity: false }),
    known,
  );

/** In the order in which they are listed. */
export const VARIANTS: Readonly<Record<string, Variant>> = {
  lenet5: {
    family: 'LeNet-5',
    title: 'LeNet-5 as published',
    options: ['numClasses', 'codes'],
    counts: counts(60_000, 326_520),
    preprocessing: LENET_INPUT,
    spec: lenet5,
    begin: by(lenet5Init),
  },
  'lenet5-modern': {
    family: 'LeNet-5',
    title: 'LeNet-5 as it is taught',
    options: [...IMAGE_OPTIONS.filter(name => name !== 'width'), 'activation', 'pool'],
    counts: counts(61_706, 416_520),
    preprocessing: LENET_INPUT,
    spec: lenet5Modern,
    begin: by(lenet5ModernInit),
  },
  alexnet: {
    family: 'AlexNet',
    title: 'AlexNet as published, in two groups',
    options: [...IMAGE_OPTIONS, 'dropout', 'lrnBeforePool'],
    counts: counts(60_965_224, 724_406_816),
    preprocessing: ALEXNET_INPUT,
    spec: options => alexnet(2, options),
    begin: by(alexnetInit),
  },
  'alexnet-ungrouped': {
    family: 'AlexNet',
    title: 'AlexNet without groups',
    options: [...IMAGE_OPTIONS, 'dropout', 'lrnBeforePool'],
    counts: counts(62_378_344, 1_135_256_096),
    preprocessing: ALEXNET_INPUT,
    spec: options => alexnet(1, options),
    begin: by(alexnetInit),
  },
  'alexnet-torchvision': {
    family: 'AlexNet',
    title: "torchvision's AlexNet",
    options: [...IMAGE_OPTIONS, 'dropout'],
    counts: counts(61_100_840, 714_188_480),
    preprocessing: TORCHVISION_INPUT,
    spec: alexnetTorchvision,
    begin: by(alexnetTorchvisionInit),
  },
  vgg11: vggVariant(11, false, counts(132_863_336, 7_609_090_048)),
  vgg13: vggVariant(13, false, counts(133_047_848, 11_308_466_176)),
  vgg16: vggVariant(16, false, counts(138_357_544, 15_470_264_320)),
  vgg19: vggVariant(19, false, counts(143_667_240, 19_632_062_464)),
  'vgg11-bn': vggVariant(11, true, counts(132_868_840, 7_609_090_048, 5_504)),
  'vgg13-bn': vggVariant(13, true, counts(133_053_736, 11_308_466_176, 5_888)),
  'vgg16-bn': vggVariant(16, true, counts(138_365_992, 15_470_264_320, 8_448)),
  'vgg19-bn': vggVariant(19, true, counts(143_678_248, 19_632_062_464, 11_008)),
  googlenet: googlenetVariant(
    'paper',
    'GoogLeNet as published, with its auxiliary heads',
    counts(13_378_280, 1_591_044_096),
  ),
  'googlenet-bn': googlenetVariant(
    'batchNorm',
    'GoogLeNet with batch normalisation',
    counts(13_385_816, 1_591_044_096, 15_072),
  ),
  'googlenet-torchvision': googlenetVariant(
    'torchvision',
    "torchvision's GoogLeNet",
    counts(13_004_888, 1_506_748_416, 15_072),
  ),
  resnet18: resnetVariant(18, counts(11_689_512, 1_814_073_344, 9_600)),
  resnet34: resnetVariant(34, counts(21_797_672, 3_663_761_408, 17_024)),
  resnet50: resnetVariant(50, counts(25_557_032, 3_857_973_248, 53_120)),
  resnet101: resnetVariant(101, counts(44_549_160, 7_570_194_432, 105_344)),
  resnet152: resnetVariant(152, counts(60_192_808, 11_282_415_616, 151_424)),
  resnet20: cifarVariant(20, counts(269_722, 40_551_040, 1_376)),
  resnet32: cifarVariant(32, counts(464_154, 68_862_592, 2_272)),
  resnet44: cifarVariant(44, counts(658_586, 97_174_144, 3_168)),
  resnet56: cifarVariant(56, counts(853_018, 125_485_696, 4_064)),
  resnet110: cifarVariant(110, counts(1_727_962, 252_887_680, 8_096)),
  'kim-rand': kimVariant('rand', counts(5_990_702, 21_900_600)),
  'kim-static': kimVariant('static', counts(360_902, 21_900_600)),
  'kim-non-static': kimVariant('non-static', counts(5_990_702, 21_900_600)),
  'kim-multichannel': kimVariant('multichannel', counts(5_990_702, 21_900_600)),
  'alphago-policy-128': policy(128, counts(1_777_641, 641_043_584)),
  'alphago-policy-192': policy(192, counts(3_882_793, 1_400_726_208)),
  'alphago-policy-256': policy(256, counts(6_798_953, 2_453_182_720)),
  'alphago-policy-384': policy(384, counts(15_064_297, 5_436_417_408)),
  'alphago-value-192': alphago(
    "AlphaGo's value network, 192 filters",
    () => valueNetwork({ filters: 192 }),
    counts(3_980_162, 1_402_551_680),
  ),
};
