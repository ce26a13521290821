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
  const charts = [...several(data.runs), ...data.runs.flatMap((run, i) => [
    ...narrowsCharts.of(run, true).map(chart => ({run: i, ...chart})), ...networks(run).map(chart => ({run: i, ...chart}))])];
  return {
    size: charts.length,
    id: i => charts[i].id, title: i => charts[i].title, run: i => charts[i].run,
    svg: (i, width) => {
      if (charts[i].graph) return elementsAsText(() => charts[i].graph(look));
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

/** Charts of several runs, as the page has them: the commonest way of summing, and each figure of layers. */
function several(runs) {
  if (runs.length < 2) return [];
  const [way] = narrowsCompare.ways(runs);
  return [
    ...way ? [{run: -1, id: 'runs-accuracy', title: `Runs side by side: accuracy against register width (${way.words})`,
      draw: (look, width) => narrowsCompare.accuracy(runs, way.value, look, width)}] : [],
    ...narrowsCompare.figures(runs).map(({value, words}) => ({run: -1, id: `runs-layers-${value}`, title: `Runs side by side: ${words}`,
      draw: (look, width) => narrowsCompare.byLayer(runs, value, look, width)})),
  ];
}

/** The network of a run whose analysis stored its steps, in its own size; long ones take dagre too long without a compiler. */
function networks(run) {
  const [analysis] = narrowsCharts.analyses(run).filter(a => a.steps?.length && a.steps.length <= 200);
  const [figure] = analysis ? narrowsGraph.figures(analysis) : [];
  return figure ? [{id: 'network', title: `The network: ${figure.words}`, graph: look => narrowsGraph.draw(analysis, figure.value, look)}] : [];
}

/** What a drawing made of elements is as text; only while it is made is there something like a document. */
function elementsAsText(draw) {
  const escaped = text => String(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
  const element = (space, name) => {
    const attributes = new Map();
    const children = [];
    return {setAttribute: (key, value) => attributes.set(key, value), append: (...more) => children.push(...more),
      toString: () => `<${name}${[...attributes].map(([key, value]) => ` ${key}="${escaped(value)}"`).join('')}>`
        + `${children.map(child => typeof child === 'object' ? child : escaped(child)).join('')}</${name}>`};
  };
  globalThis.document = {createElementNS: element};
  try {
    return String(draw());
  } finally {
    delete globalThis.document; // Vega would ask it for a canvas
  }
}
