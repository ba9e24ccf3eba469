/** Sentences for `hane models run`: where they come from, what a network says of them, and what of them it does not see. */
import { text } from 'node:stream/consumers';
import { NetworkSession } from '../inference/networkSession.ts';
import { sentenceReader, type KeptVocabulary, type SentenceRow } from '../models/data/words.ts';
import type { NetworkSpec } from '../models/spec.ts';
import { UserError } from './errors.ts';
import { rankingText } from './modelsRanking.ts';

/** What a network says of a sentence. */
export interface Answer extends SentenceRow {
  readonly sentence: string;
  /** What the network calls its numbers: "logits". */
  readonly output: string;
  /** Undefined where no word is known: a network would answer, but not about the sentence. */
  readonly values?: Float32Array;
}

/** Sentences that are asked about at once. */
const BATCH = 64;

/** `-` stands for the lines of standard input, except for empty ones. @throws UserError if there are none */
export const readSentences = async (inputs: readonly string[]): Promise<readonly string[]> => {
  if (!inputs.includes('-')) return inputs;
  const lines = (await text(process.stdin)).split(/\r?\n/).filter(line => line.trim() !== '');
  if (lines.length === 0) throw new UserError('there are no sentences on standard input');
  const at = inputs.indexOf('-');
  return inputs.flatMap((input, i) => (i === at ? lines : input === '-' ? [] : [input]));
};

/** @param bytes the network as an ONNX file @param spec of that file */
export const askSentences = async (
  bytes: Uint8Array,
  spec: NetworkSpec,
  vocabulary: KeptVocabulary,
  sentences: readonly string[],
): Promise<readonly Answer[]> => {
  const [{ name: input, shape }] = spec.nodes;
  const [length] = shape;
  const read = sentenceReader(vocabulary, length);
  const rows = sentences.map(sentence => ({ sentence, ...read(sentence) }));
  const session = await NetworkSession.open(bytes, input);
  const answers: Answer[] = [];
  for (let i = 0; i < rows.length; i += BATCH) {
    const batch = rows.slice(i, i + BATCH);
    const data = new Float32Array(batch.length * length);
    for (const [k, { row }] of batch.entries()) data.set(row, k * length);
    const results = await session.run({ [input]: { data, dims: [batch.length, length] } });
    const [output] = Object.keys(results);
    const values = results[output].data;
    const size = values.length / batch.length;
    for (const [k, row] of batch.entries())
      answers.push({
        ...row,
        output,
        ...(row.count > 0 ? { values: values.slice(k * size, (k + 1) * size) } : {}),
      });
  }
  await session.release();
  return answers;
};

/** The classes of each sentence; with several, under the sentence. @param top how many classes: all by default */
export const answersText = (
  answers: readonly Answer[],
  names: readonly string[],
  top: number | undefined,
): string =>
  answers
    .map(({ sentence, output, values }) => {
      const ranking = values ? rankingText(output, values, names, top) : 'no word of it is known\n';
      return answers.length === 1 ? ranking : `${sentence}\n${ranking.replace(/^(?=.)/gm, '  ')}`;
    })
    .join('');

/** What of a sentence the network did not see; nothing if it saw all. */
export const noteText = ({ sentence, unknown, cut }: Answer): string => {
  const notes = [
    ...(unknown.length > 0 ? [`unknown and left out: ${unknown.join(' ')}`] : []),
    ...(cut.length > 0 ? [`too long, left out at its end: ${cut.join(' ')}`] : []),
  ];
  return notes.map(note => `"${shortened(sentence)}": ${note}\n`).join('');
};

const LONGEST = 40;

const shortened = (sentence: string): string =>
  sentence.length > LONGEST ? `${sentence.slice(0, LONGEST)}...` : sentence;

/** As an object for JSON. */
export const answerJson = ({ sentence, output, values, unknown, cut }: Answer): Record<string, unknown> => ({
  sentence,
  [output]: values ? Array.from(values) : null,
  unknown,
  cut,
});
