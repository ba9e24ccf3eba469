/**
 * `--backend auto`: answers on the CPU at once; while nobody asks anything, tries the accelerators of the machine, and
 * changes to one that gives the same answers sooner. The verdict is remembered.
 */
import type { Batch, Evaluator, Output } from '../../engine/evaluator.ts';
import { join } from 'node:path';
import { BACKENDS, accelerators, type Backend } from './backends.ts';
import { openEvaluator, type EvaluatorOptions, type NetworkEvaluator } from './evaluator.ts';
import { readNetwork } from './manifest.ts';
import { isBetter, probe, type ProbeResult } from './probe.ts';
import { cachePath, readVerdict, verdictKey, writeVerdict } from './verdicts.ts';

/** Idle time before the accelerators are tried. */
const IDLE_MS = 3000;

export interface AutoOptions extends Omit<EvaluatorOptions, 'backend'> {
  /** {@link accelerators} of this machine by default. */
  readonly candidates?: readonly Backend[];
  /** {@link probe} by default. */
  readonly tryBackend?: (backend: Backend, signal: AbortSignal) => Promise<ProbeResult>;
  readonly idleMs?: number;
  /** File of the verdicts; the user's by default. */
  readonly verdicts?: string;
  /** Called when the evaluator has changed to an accelerator. */
  readonly onChange?: (backend: Backend) => void;
}

/** @throws as {@link openEvaluator} */
export const openAutoEvaluator = async (options: AutoOptions = {}): Promise<AutoEvaluator> =>
  new AutoEvaluator(await openEvaluator(options), options);

export class AutoEvaluator implements Evaluator {
  private current: NetworkEvaluator;
  private readonly options: AutoOptions;
  private readonly stop = new AbortController();
  private lastUse = performance.now();
  private readonly timer: NodeJS.Timeout;
  private isTrying = false;

  constructor(cpu: NetworkEvaluator, options: AutoOptions) {
    this.current = cpu;
    this.options = options;
    const idle = options.idleMs ?? IDLE_MS;
    this.timer = setInterval(
      () => {
        if (!this.isTrying && performance.now() - this.lastUse >= idle) void this.look();
      },
      Math.min(idle, 500),
    );
    this.timer.unref();
  }

  get name(): string {
    return this.current.name;
  }

  get backend(): Backend {
    return this.current.backend;
  }

  get outputs(): readonly Output[] {
    return this.current.outputs;
  }

  get maxBatch(): number {
    return this.current.maxBatch;
  }

  get hasEnded(): boolean {
    return this.current.hasEnded;
  }

  begin(): Batch {
    this.lastUse = performance.now();
    return this.current.begin();
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    this.stop.abort();
    await this.current.close();
  }

  /** Finds the best backend, once, and changes to it; where that fails, all stays as it is. */
  private async look(): Promise<void> {
    this.isTrying = true;
    clearInterval(this.timer);
    try {
      await this.findBest();
    } catch {
      // The network's file may have gone meanwhile, or the best backend does not open, which worked when it was tried.
    }
  }

  private async findBest(): Promise<void> {
    const { network, verdicts = join(cachePath(), 'backends.json') } = this.options;
    const key = verdictKey((await readNetwork(network)).bytes);
    const verdict = await readVerdict(key, verdicts);
    const known = BACKENDS.find(backend => backend === verdict);
    const best = known ?? (await this.tryAll());
    if (this.stop.signal.aborted) return;
    if (known === undefined) await writeVerdict(key, best, verdicts);
    if (best !== this.current.backend && best !== 'cpu') await this.changeTo(best);
  }

  private async tryAll(): Promise<Backend> {
    const { candidates = accelerators(), network, threads } = this.options;
    const tryBackend =
      this.options.tryBackend ?? ((backend, signal) => probe(backend, { network, threads, signal }));
    let best: ProbeResult | undefined;
    for (const backend of candidates) {
      if (this.stop.signal.aborted) break;
      const result = await tryBackend(backend, this.stop.signal);
      if (isBetter(result) && (!best || result.milliseconds! < best.milliseconds!)) best = result;
    }
    return best?.backend ?? this.current.backend;
  }

  private async changeTo(backend: Backend): Promise<void> {
    const better = await openEvaluator({ ...this.options, backend });
    if (this.stop.signal.aborted) {
      await better.close();
      return;
    }
    this.current.retire();
    this.current = better;
    this.options.onChange?.(backend);
  }
}
