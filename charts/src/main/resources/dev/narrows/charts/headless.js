'use strict';
// Runs charts.js and Vega without a page. Everything is synchronous: all data are inline.
const narrowsHeadless = (report, measure) => {
  // without a canvas Vega guesses that a letter is 0.8 em wide, which tears labels from their marks
  vega.textMetrics.width = (item, text) => {
    const value = text === undefined ? item.text : text;
    return measure(Array.isArray(value) ? value.join('\n') : String(value ?? ''), item.fontSize ?? 11,
      item.fontWeight === 'bold' || item.fontWeight >= 600);
  };
  // SansSerif is the JVM's own name for what it finds; readers of the SVG know the others
  const look = {...narrowsCharts.LOOKS.light, font: 'DejaVu Sans, Arial, Helvetica, SansSerif, sans-serif'};
  const data = JSON.parse(report);
  const charts = data.runs.flatMap((run, i) => narrowsCharts.of(run, true).map(chart => ({run: i, ...chart})));
  return {
    size: charts.length,
    id: i => charts[i].id, title: i => charts[i].title, run: i => charts[i].run,
    svg: (i, width) => {
      const compiled = vegaLite.compile(charts[i].draw(look, width)).spec;
      const view = new vega.View(vega.parse(compiled), {renderer: 'none', logLevel: vega.Error});
      view.initialize().run();
      const canvas = new vega.SVGStringRenderer();
      // as View.toSVG does, which only promises its answer
      const {left, right, top, bottom} = view.padding();
      canvas.initialize(null, view._viewWidth + left + right, view._viewHeight + top + bottom,
        [view._origin[0] + left, view._origin[1] + top], 1);
      canvas.background(view.background());
      return canvas.render(view.scenegraph().root).svg();
    },
  };
};
