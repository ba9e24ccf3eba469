/** Whether TensorFlow's C library is here, which `npm run setup:tensorflow` builds; tests that need it are skipped otherwise. */
import { createRequire } from 'node:module';

export const hasTensorflow = ((): boolean => {
  try {
    createRequire(import.meta.url).resolve('@tensorflow/tfjs-node');
    return true;
  } catch {
    return false;
  }
})();
