'use strict';
// Charts of several runs at once, made like those of one run. Runs have different names.
const narrowsCompare = (() => {
  const charts = narrowsCharts;

  /** A run's curves: those of its evaluation on the most images that has any. */
  const viewOf = run => run.summary.accuracies.filter(view => view.curves.length)
    .reduce((best, view) => best && best.images >= view.images ? best : view, undefined);

  /** Runs that are told by the same measure as the first, with their views. */
  function comparable(runs) {
    const all = runs.map(run => ({name: run.name, view: viewOf(run)})).filter(one => one.view);
    return all.filter(one => one.view.measure === all[0].view.measure);
  }

  /** The ways of summing that two runs or more have, the commonest first, and all of them: [{value, words}]. */
  function ways(runs) {
    const all = comparable(runs);
    if (all.length < 2) return [];
    const curves = all.flatMap(one => one.view.curves);
    const count = way => all.filter(one => one.view.curves.some(c => c.way === way)).length;
    const shared = [...new Map(curves.map(c => [c.way, c.words])).entries()].filter(([way]) => count(way) > 1)
      .sort(([a], [b]) => count(b) - count(a)).map(([value, words]) => ({value, words}));
    return [...shared, {value: '', words: 'all of them'}];
  }

  /** Accuracy against width: a colour for each run, one way of summing, or all, told apart by dashes. */
  function accuracy(runs, way, look, width) {
    const all = comparable(runs);
    const of = charts.measure(all[0].view.measure);
    const format = `.${of.decimals}f`;
    const to = Math.max(...all.map(one => charts.lastChange(one.view)));
    const lines = all.flatMap(({name, view}) => view.curves.filter(c => !way || c.way === way).map(curve => ({run: name, curve})));
    // beside each other where they share a width, so that none is hidden
    const aside = i => (i - (lines.length - 1) / 2) * Math.min(0.12, 0.6 / lines.length);
    const points = lines.flatMap(({run, curve}, i) => curve.points.filter(p => p.bits <= to).map(p => ({run, way: curve.way, sum: curve.words, bits: p.bits,
      place: p.bits + aside(i), accuracy: p.accuracy, low: p.interval?.low, high: p.interval?.high, enough: p.bits === curve.smallest})));
    const runsShown = all.map(one => one.name);
    const waysShown = [...new Set(points.map(p => p.way))];
    const x = {field: 'place', type: 'quantitative', axis: charts.bitsAxis, scale: {zero: false, nice: false, padding: 14}};
    const y = {field: 'accuracy', type: 'quantitative', title: charts.axisTitle(of), scale: {zero: false, padding: 10}};
    const columns = width < 600 ? 1 : 3;
    const color = {field: 'run', type: 'nominal', title: 'run', sort: runsShown, scale: charts.hues(runsShown),
      legend: {orient: 'bottom', columns, symbolType: 'circle', symbolOpacity: 1, labelLimit: width - 60}};
    const dash = waysShown.length < 2 ? {} : {strokeDash: {field: 'way', type: 'nominal', title: 'way of summing', sort: waysShown,
      legend: {orient: 'bottom', columns, symbolType: 'stroke', labelLimit: width - 60}}};
    const tooltip = [{field: 'run'}, {field: 'sum'}, {field: 'bits'}, {field: 'accuracy', title: charts.axisTitle(of), format},
      {field: 'low', title: '95 % from', format}, {field: 'high', title: 'to', format}];
    const exact = all.filter(one => one.view.exactAccuracy !== undefined).map(one => ({run: one.name, accuracy: one.view.exactAccuracy}));
    const marks = {color, shape: {field: 'run', type: 'nominal', sort: runsShown, legend: null,
      scale: {domain: runsShown, range: runsShown.map((_, i) => charts.SHAPES[i % charts.SHAPES.length])}}};
    return charts.spec(look, {width, height: 340, resolve: {scale: {shape: 'independent'}}, layer: [
      {data: {values: exact}, mark: {type: 'rule', strokeDash: [5, 4], opacity: 0.7},
        encoding: {y, color, tooltip: [{field: 'run'}, {field: 'accuracy', title: 'exact registers', format}]}},
      {data: {values: points}, mark: {type: 'line', strokeWidth: 2}, encoding: {x, y, color, detail: {field: 'way'}, ...dash}},
      {data: {values: points.filter(p => p.high > p.low)}, mark: {type: 'rule', strokeWidth: 1.5}, encoding: {x, y: {...y, field: 'low'}, y2: {field: 'high'}, color}},
      {data: {values: points}, mark: {type: 'point', filled: true, size: 50, opacity: 1}, encoding: {x, y, tooltip, ...marks}},
    ],
    description: `${charts.inUnits(of)} against register width in bits, a line for each run${way ? ', summed ' + points[0]?.sum : ''}; smallest sufficient widths: `
      + (points.filter(p => p.enough).map(p => `${p.run}, ${p.sum}: ${p.bits} bits`).join('; ') || 'none') + '.'});
  }

  const FIGURES = {
    safe: {words: 'bits safe for any input', of: (layer) => layer.bounds.signSum},
    seen: {words: 'bits of the widest sum seen', of: (layer) => layer.profile && charts.enoughFor(layer.profile, 1)},
    half: {words: 'bits of half of the dot products', of: (layer) => layer.profile && charts.enoughFor(layer.profile, 0.5)},
    alone: {words: 'bits enough while all other layers are exact', of: (layer, analysis) => analysis.sensitivity?.layers.find(l => l.name === layer.name)?.enough},
  };

  /** Layers that two runs or more have: [{name, widths: [{run, bits}]}]. */
  function layers(runs, figure) {
    const found = new Map();
    runs.forEach(run => {
      const analysis = charts.analyses(run)[0];
      analysis?.layers.forEach(layer => {
        const bits = FIGURES[figure].of(layer, analysis);
        if (bits !== undefined) found.set(layer.name, [...found.get(layer.name) ?? [], {run: run.name, bits}]);
      });
    });
    return [...found].filter(([, widths]) => widths.length > 1).map(([name, widths]) => ({name, widths}));
  }

  /** What layers can be compared by: [{value, words}]. */
  const figures = runs => Object.keys(FIGURES).filter(value => layers(runs, value).length).map(value => ({value, words: FIGURES[value].words}));

  /** One figure of every layer, a point for each run, beneath each other. */
  function byLayer(runs, figure, look, width) {
    const all = layers(runs, figure);
    const short = charts.labels(all.map(l => l.name));
    const rows = all.flatMap(l => l.widths.map(w => ({layer: short.get(l.name), ...w})));
    const shown = runs.map(run => run.name).filter(name => rows.some(r => r.run === name));
    const labelRoom = Math.min(width < 600 ? 125 : 200, 18 + 5.9 * Math.max(...[...short.values()].map(n => n.length)));
    const y = {field: 'layer', type: 'nominal', sort: [...short.values()], title: null, axis: {labelLimit: labelRoom}};
    const yOffset = {field: 'run', type: 'nominal', sort: shown};
    const x = {field: 'bits', type: 'quantitative', scale: {zero: false, nice: false, padding: 16}, axis: {...charts.bitsAxis, title: FIGURES[figure].words}};
    return charts.spec(look, {autosize: undefined, width: width - labelRoom - 24, height: {step: 9 * shown.length + 10, for: 'position'}, data: {values: rows}, layer: [
      {mark: {type: 'line', strokeWidth: 1, color: look.grid}, encoding: {x, y, yOffset, detail: {field: 'layer'}, order: {field: 'run', sort: shown}}},
      {mark: {type: 'point', filled: true, size: 55, opacity: 1}, encoding: {x, y, yOffset,
        tooltip: [{field: 'layer'}, {field: 'run'}, {field: 'bits'}],
        color: {field: 'run', type: 'nominal', title: 'run', sort: shown, scale: charts.hues(shown), legend: {orient: 'bottom', columns: width < 600 ? 1 : 3, labelLimit: width - 60}},
        shape: {field: 'run', type: 'nominal', title: 'run', sort: shown, scale: {domain: shown, range: shown.map((_, i) => charts.SHAPES[i % charts.SHAPES.length])}}}},
    ],
    description: `${FIGURES[figure].words}, layer by layer: ` + all.slice(0, 40).map(l => `${l.name} ${l.widths.map(w => `${w.run} ${w.bits}`).join(', ')}`).join('; ') + '.'});
  }

  return {ways, accuracy, figures, layers, byLayer};
})();
