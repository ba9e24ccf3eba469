/** The part of @sabaki/sgf 3.4 that parse.ts uses; the package ships no types. */
declare module '@sabaki/sgf' {
  export interface SabakiNode {
    readonly id: number | null;
    readonly data: Record<string, string[]>;
    readonly children: SabakiNode[];
  }
  const sgf: {
    parseBuffer(bytes: Buffer, options?: { encoding?: string }): SabakiNode[];
    parse(text: string): SabakiNode[];
  };
  export default sgf;
}
