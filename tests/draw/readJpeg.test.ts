import { describe, expect, test } from 'vitest';
import { readImage } from '../../src/draw/readImage.ts';

/**
 * Pictures of 19 x 13 points, written by libjpeg-turbo 2.1.5 (a C program around jpeg_write_scanlines, quality 95, optimize_coding),
 * of which resvg has nothing: baseline with colours at full and at half size, progressive, grey, CMYK, arithmetic coding.
 */
const [WIDTH, HEIGHT] = [19, 13];

/** What was drawn at (x, y): red grows to the right, where blue falls, green downwards. */
const colorAt = (x: number, y: number): number[] => [30 + 10 * x, 40 + 15 * y, 230 - 11 * x];

const greyAt = (x: number, y: number): number[] => Array.from({ length: 3 }, () => 20 + 6 * x + 8 * y);

const FILES = {
  baseline: `
  /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsICQoK
  CgoKBggLDAsKDAkKCgr/2wBDAQICAgICAgUDAwUKBwYHCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoK
  CgoKCgoKCgr/wAARCAANABMDAREAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAABgj/xAAlEAAABAMIAwAAAAAAAAAAAAAAAQIG
  BwiiAwQRIiUyQVIFEhP/xAAXAQEAAwAAAAAAAAAAAAAAAAAIBwkK/8QAIhEAAQMDBAMBAAAAAAAAAAAABgAEIgIHMgUUQXEBESRR
  /9oADAMBAAIRAxEAPwCfW/K9t06kNm4JbnJRQEnOMk4b8r+3TqAGLhFuckvAk5xkld3leP4pw8bx0BPflvneVy5SRZnPzUy4VOt+
  D7YwSfpQQsHuFrbv3Ws/gSRPopu34PtjLkoIBi4Wtu5peBJE+ild3g61zsUmaOOhAoPtbd7uvtJBmRvttT1+r//Z`,
  subsampled: `
  /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsICQoK
  CgoKBggLDAsKDAkKCgr/2wBDAQICAgICAgUDAwUKBwYHCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoK
  CgoKCgoKCgr/wAARCAANABMDASIAAhEBAxEB/8QAFgABAQEAAAAAAAAAAAAAAAAACAAG/8QAJRAAAAQDCAMAAAAAAAAAAAAAAAEC
  BgcIogMEESIlMkFSBRIT/8QAFwEAAwEAAAAAAAAAAAAAAAAABQcICf/EACERAAAFBAIDAAAAAAAAAAAAAAABBAchAgMTIzFBCFGx
  /9oADAMBAAIRAxEAPwA+t+V7bp1I3Dflf26dQGQ34PtjBJ+lBDbt+D7Yy5KCB7yDdFTuk+wq2UeZXqk+gK7vK8fxTh43joIP+7wd
  a52KTNHHQhDNe+6CjPVJ8n9F52XmV4aZPgvY/9k=`,
  progressive: `
  /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsICQoK
  CgoKBggLDAsKDAkKCgr/2wBDAQICAgICAgUDAwUKBwYHCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoK
  CgoKCgoKCgr/wgARCAANABMDAREAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAABQf/xAAXAQEAAwAAAAAAAAAAAAAAAAAHBggJ
  /9oADAMBAAIQAxAAAAGfNkTcDF5UnSafYPP1sMXlidI//8QAGhAAAgMBAQAAAAAAAAAAAAAAAAQCBQYRIf/aAAgBAQABBQJfLi+X
  I5fxenWF6dYjTq8//8QAGxEAAgIDAQAAAAAAAAAAAAAAAAUDIQETMSP/2gAIAQMBAT8BSPOWJHnLIXnnixIxnoSMZ6IWM+vB/8QA
  HREAAQQDAQEAAAAAAAAAAAAAAAMEBiEBBTETI//aAAgBAgEBPwGQbbtkh23bF9t9s2SF6rZIXqti71X1yf/EABYQAQEBAAAAAAAA
  AAAAAAAAADMAIP/aAAgBAQAGPwI448f/xAAZEAACAwEAAAAAAAAAAAAAAAAAITGhwRH/2gAIAQEAAT8hgwQYEciKoRVHFVH/2gAM
  AwEAAgADAAAAEGY6/wD/xAAXEQADAQAAAAAAAAAAAAAAAAAAEIFR/9oACAEDAQE/EEiRjAIrT//EABkRAAIDAQAAAAAAAAAAAAAA
  AAAQARFxgf/aAAgBAgEBPxBc0+otq/Xn/8QAHBAAAgEFAQAAAAAAAAAAAAAAAAFBEBEhUbHh/9oACAEBAAE/EKKG3BA2LczwsYY4
  6n//2Q==`,
  grey: `
  /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsICQoK
  CgoKBggLDAsKDAkKCgr/wAALCAANABMBAREA/8QAFQABAQAAAAAAAAAAAAAAAAAACAf/xAAjEAAAAwcFAQAAAAAAAAAAAAAAB0IB
  AwYIIiRRBRUjM1Il/9oACAEBAAA/AAmSUtvTYYSGASUtvTYYSEno8tvzHNgjyIoSRUQ3w0YQwMAkiohvhowhgSejlRDe2OaEeGD/
  2Q==`,
  fourColors: `
  /9j/7gAOQWRvYmUAZAAAAAAA/9sAQwACAQEBAQECAQEBAgICAgIEAwICAgIFBAQDBAYFBgYGBQYGBgcJCAYHCQcGBggLCAkKCgoK
  CgYICwwLCgwJCgoK/8AAFAgADQATBEMRAE0RAFkRAEsRAP/EABcAAQEBAQAAAAAAAAAAAAAAAAAJCAr/xAAlEAABAQQLAQAAAAAA
  AAAAAAAACAEERKMGBxgZNlNlc4GC0bH/2gAOBEMATQBZAEsAAD8AwGkmF4M43d2hSzfyyYvsX8KgJJheBd3aFLJPrJi+wN60Xw+6
  7Qu7tClk8aWYje95vwHOUkmF4LZ2W6vMqUz06blkxfYFQEkwvAst1eZUpnpJ9ZMX2BvWi+H3XaFlurzKlM9J40sxG97zfgP/2Q==`,
  arithmetic: `
  /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsICQoK
  CgoKBggLDAsKDAkKCgr/2wBDAQICAgICAgUDAwUKBwYHCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoK
  CgoKCgoKCgr/yQARCAANABMDAREAAhEBAxEB/8wACgAQEAUBEBEF/9oADAMBAAIRAxEAPwD/ANfiCo3Q4Hfw9SHZnmArCHc2Gu1g
  DLAsIA9xvz1/FFcNgBbJRtQMc+XwdlYPgIPrO0Yhpk4MiNQn56NzCBhFYs2a9cBCKvCzQeGbzVsdlggR56EM7Po/AliakgSYPns1
  bdjifqI58oWoq0Xc0m7Zp4RbbifnkGfcafCAXim7hW2ggP/Z`,
} as const;

const fileOf = (name: keyof typeof FILES): Uint8Array => Buffer.from(FILES[name], 'base64');

describe('a JPEG has the colours that were drawn, within what its coding loses:', () => {
  test.each<[keyof typeof FILES, (x: number, y: number) => number[], number]>([
    ['baseline', colorAt, 5],
    ['subsampled', colorAt, 12],
    ['progressive', colorAt, 5],
    ['grey', greyAt, 2],
  ])('%s', async (name, drawnAt, loss) => {
    const { width, height, channels, data } = await readImage(fileOf(name), 'x.jpg');
    expect([width, height, channels]).toEqual([WIDTH, HEIGHT, 3]);
    const drawn = Array.from({ length: WIDTH * HEIGHT }, (_, i) =>
      drawnAt(i % WIDTH, Math.floor(i / WIDTH)),
    ).flat();
    const differences = drawn.map((value, i) => Math.abs(value - data[i]));
    expect(Math.max(...differences)).toBeLessThanOrEqual(loss);
    expect(differences.reduce((sum, difference) => sum + difference) / drawn.length).toBeLessThan(2);
  });

  test('the same picture, baseline or progressive, is the same', async () => {
    const [baseline, progressive] = [fileOf('baseline'), fileOf('progressive')];
    expect(await readImage(progressive, 'x.jpg')).toEqual(await readImage(baseline, 'x.jpg'));
  });
});

test.each<[keyof typeof FILES, string]>([
  ['fourColors', 'x.jpg is a JPEG of 4 x 8 bits a point: 1 x 8 (grey) and 3 x 8 (colours) are read'],
  ['arithmetic', 'x.jpg is a JPEG of frame SOF9: baseline (SOF0, SOF1) and progressive (SOF2) are read'],
])('a JPEG of another kind is refused by its name: %s', async (name, message) => {
  await expect(readImage(fileOf(name), 'x.jpg')).rejects.toThrow(message);
});

test('a JPEG that ends in the middle of its header is refused', async () => {
  await expect(readImage(fileOf('baseline').slice(0, 150), 'x.jpg')).rejects.toThrow(
    'x.jpg is a damaged JPEG: it has no size',
  );
});
