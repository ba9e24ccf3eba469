/** Two collections of sentences that Kim's network was measured on: film reviews (MR) and questions (TREC). */
import { findFile, readMaybePacked } from './files.ts';
import { ModelDataError } from './modelDataError.ts';
import { cleanWords, type Sentence } from './words.ts';

/** The first is class 0, as in Kim's code. */
export const MR_CLASSES = ['negative', 'positive'] as const;

/** Coarse classes of questions, as the files have them. */
export const TREC_CLASSES = ['ABBR', 'DESC', 'ENTY', 'HUM', 'LOC', 'NUM'] as const;

/** Lines of a file in ISO 8859-1. Only \n ends one: reviews have the byte 0x85, which Unicode takes for a line's end, inside. */
const readLines = async (path: string): Promise<string[]> => {
  const text = Buffer.from(await readMaybePacked(path)).toString('latin1');
  return text.split('\n').filter(line => line.trim() !== '');
};

/**
 * Film reviews of one sentence each, the negative ones first: `rt-polarity.neg`, `rt-polarity.pos` (Pang and Lee 2005).
 * @throws ModelDataError naming what is missing
 */
export const readMr = async (folder: string): Promise<Sentence[]> => {
  const sentences: Sentence[] = [];
  for (const [label, ending] of ['neg', 'pos'].entries()) {
    const path = await findFile(
      folder,
      new RegExp(`^rt-polarity\\.${ending}(\\.gz)?$`),
      `${MR_CLASSES[label]} reviews`,
    );
    for (const line of await readLines(path)) sentences.push({ words: cleanWords(line), label });
  }
  return sentences;
};

/**
 * Questions by what is asked for: `TREC.train` and `TREC.test`, a line `CLASS:detail question` each (Li and Roth 2002).
 * @throws ModelDataError naming what is missing, or a line that is none
 */
export const readTrec = async (
  folder: string,
): Promise<{ readonly train: Sentence[]; readonly test: Sentence[] }> => {
  const read = async (part: string): Promise<Sentence[]> => {
    const path = await findFile(folder, new RegExp(`^TREC\\.${part}(\\.gz)?$`, 'i'), `the ${part} questions`);
    return (await readLines(path)).map((line, i) => parseQuestion(line, `${path}, line ${i + 1}`));
  };
  return { train: await read('train'), test: await read('test') };
};

/** @param place for the message */
const parseQuestion = (line: string, place: string): Sentence => {
  const match = /^(\w+):\S+ (.*)$/.exec(line);
  const label = match ? TREC_CLASSES.findIndex(name => name === match[1]) : -1;
  if (!match || label < 0)
    throw new ModelDataError(
      `${place}: "${line.slice(0, 40)}" is no question of a class ${TREC_CLASSES.join(', ')}`,
    );
  return { words: cleanWords(match[2], true), label };
};
