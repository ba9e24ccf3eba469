/** PNG from SVG, with the bundled font and none of the machine's, so that a picture is the same everywhere. */
import { createRequire } from 'node:module';

/** @param width in pixels; the picture's own by default */
export const svgToPng = async (svg: string, width?: number): Promise<Uint8Array> => {
  const { Resvg } = await import('@resvg/resvg-js');
  const font = createRequire(import.meta.url).resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf');
  const renderer = new Resvg(svg, {
    font: { fontFiles: [font], loadSystemFonts: false, defaultFontFamily: 'DejaVu Sans' },
    ...(width === undefined ? {} : { fitTo: { mode: 'width', value: width } }),
  });
  return renderer.render().asPng();
};
