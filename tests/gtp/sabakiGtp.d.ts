/** The parts of @sabaki/gtp 3.0.0 that the tests use; the package has no types. */
declare module '@sabaki/gtp' {
  export interface GtpRequest {
    readonly id?: number;
    readonly name: string;
    readonly args?: readonly string[];
  }

  export interface GtpAnswer {
    readonly id: number | null;
    readonly error: boolean;
    readonly content: string;
  }

  export interface EngineState {
    readonly komi?: number | null;
    /** Width and height. */
    readonly boardsize?: readonly [number, number] | null;
    readonly history?: readonly GtpRequest[] | null;
  }

  export class Controller {
    constructor(path: string, args?: readonly string[]);
    readonly process: object | null;
    on(event: 'stderr', listener: (event: { readonly content: string }) => void): this;
    on(event: 'stopped', listener: (event: { readonly signal: unknown }) => void): this;
    start(): void;
    stop(timeout?: number): Promise<void>;
    kill(): Promise<void>;
    sendCommand(
      command: GtpRequest,
      subscriber?: (update: { readonly line: string; readonly end: boolean }) => void,
    ): Promise<GtpAnswer>;
  }

  export class ControllerStateTracker {
    constructor(controller: Controller);
    readonly state: EngineState;
    knowsCommand(name: string): Promise<boolean>;
    queueCommand(command: GtpRequest): Promise<GtpAnswer>;
    sync(state: EngineState): Promise<void>;
  }
}
