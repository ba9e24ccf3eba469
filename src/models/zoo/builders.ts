/** A builder for each network: options in, a TensorFlow.js model out. The same as `createModel` with the name. */
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { createModel, type CreateOptions, type ModelOptions } from '../registry.ts';
import type { AlexnetOptions, AlexnetPaperOptions } from './alexnet.ts';
import type { GooglenetOptions } from './googlenet.ts';
import type { KimOptions } from './kim.ts';
import type { Lenet5ModernOptions, Lenet5Options } from './lenet5.ts';
import type { CifarResnetOptions, ResnetOptions } from './resnet.ts';
import type { VggOptions } from './vgg.ts';

/** @throws SpecError for an option out of its range; RangeError for weights of another network */
type Builder<Options extends ModelOptions> = (options?: Options & CreateOptions) => LayersModel;

const builder =
  <Options extends ModelOptions>(name: string): Builder<Options> =>
  options =>
    createModel(name, options);

type KimVariantOptions = Omit<KimOptions, 'variant' | 'sharedFilters'>;

export const lenet5 = builder<Lenet5Options>('lenet5');
export const lenet5Modern = builder<Lenet5ModernOptions>('lenet5-modern');
export const alexnet = builder<AlexnetPaperOptions>('alexnet');
export const alexnetUngrouped = builder<AlexnetPaperOptions>('alexnet-ungrouped');
export const alexnetTorchvision = builder<AlexnetOptions>('alexnet-torchvision');
export const vgg11 = builder<VggOptions>('vgg11');
export const vgg13 = builder<VggOptions>('vgg13');
export const vgg16 = builder<VggOptions>('vgg16');
export const vgg19 = builder<VggOptions>('vgg19');
export const vgg11Bn = builder<VggOptions>('vgg11-bn');
export const vgg13Bn = builder<VggOptions>('vgg13-bn');
export const vgg16Bn = builder<VggOptions>('vgg16-bn');
export const vgg19Bn = builder<VggOptions>('vgg19-bn');
export const googlenet = builder<GooglenetOptions>('googlenet');
export const googlenetBn = builder<GooglenetOptions>('googlenet-bn');
export const googlenetTorchvision = builder<GooglenetOptions>('googlenet-torchvision');
export const resnet18 = builder<Omit<ResnetOptions, 'version'>>('resnet18');
export const resnet34 = builder<Omit<ResnetOptions, 'version'>>('resnet34');
export const resnet50 = builder<ResnetOptions>('resnet50');
export const resnet101 = builder<ResnetOptions>('resnet101');
export const resnet152 = builder<ResnetOptions>('resnet152');
export const resnet20 = builder<CifarResnetOptions>('resnet20');
export const resnet32 = builder<CifarResnetOptions>('resnet32');
export const resnet44 = builder<CifarResnetOptions>('resnet44');
export const resnet56 = builder<CifarResnetOptions>('resnet56');
export const resnet110 = builder<CifarResnetOptions>('resnet110');
export const kimRand = builder<KimVariantOptions>('kim-rand');
export const kimStatic = builder<KimVariantOptions>('kim-static');
export const kimNonStatic = builder<KimVariantOptions>('kim-non-static');
export const kimMultichannel = builder<Omit<KimOptions, 'variant'>>('kim-multichannel');
/** AlphaGo's match version, with 192 filters; the others are those of its comparison. */
export const alphagoPolicy = builder<object>('alphago-policy-192');
export const alphagoPolicy128 = builder<object>('alphago-policy-128');
export const alphagoPolicy256 = builder<object>('alphago-policy-256');
export const alphagoPolicy384 = builder<object>('alphago-policy-384');
export const alphagoValue = builder<object>('alphago-value-192');
