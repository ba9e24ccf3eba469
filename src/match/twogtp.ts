/** Results as gogui-twogtp writes them, for the tools that read its table. Results are in terms of the first engine as Black. */
import type { GameRow } from './results.ts';

export interface TwogtpHeader {
  readonly first: string;
  readonly second: string;
  readonly commands: readonly [string, string];
  readonly size: number;
  readonly komi: number;
}

const swap = (result: string): string =>
  result.startsWith('B+')
    ? `W+${result.slice(2)}`
    : result.startsWith('W+')
      ? `B+${result.slice(2)}`
      : result;

/** @param rows games between the two, in the order they were finished */
export const makeTwogtpTable = (rows: readonly GameRow[], header: TwogtpHeader): string => {
  const { first, second, commands, size, komi } = header;
  const keys = new Map<string, number>();
  const lines = rows.map((row, number) => {
    const isSwapped = row.black === second;
    const inFirst = (result: string | null): string => {
      if (result === null || result === 'Void') return '?';
      return isSwapped ? swap(result) : result;
    };
    const [black, white] = isSwapped ? [row.counts[1], row.counts[0]] : row.counts;
    const times = isSwapped ? [row.secondsWhite, row.secondsBlack] : [row.secondsBlack, row.secondsWhite];
    const known = keys.get(row.key);
    keys.set(row.key, known ?? number);
    const isFault = /\+[FT]$/.test(row.result);
    return [
      number,
      inFirst(black ?? row.result),
      inFirst(white ?? row.result),
      inFirst(row.result),
      isSwapped ? 1 : 0,
      known === undefined ? '-' : known,
      row.moves.length,
      ...times.map(seconds => seconds.toFixed(1)),
      0,
      0,
      isFault ? 1 : 0,
      (row.reason ?? '').replaceAll(/[\t\n]/g, ' '),
    ].join('\t');
  });
  return [
    `# Black: ${first}`,
    `# BlackCommand: ${commands[0]}`,
    `# Komi: ${komi}`,
    `# Size: ${size}`,
    `# White: ${second}`,
    `# WhiteCommand: ${commands[1]}`,
    '#',
    '#GAME\tRES_B\tRES_W\tRES_R\tALT\tDUP\tLEN\tTIME_B\tTIME_W\tCPU_B\tCPU_W\tERR\tERR_MSG',
    ...lines,
    '',
  ].join('\n');
};
