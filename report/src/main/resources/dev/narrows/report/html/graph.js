'use strict';
// The network as a graph: layers that sum are boxes coloured by a width, all other steps small and grey between them.
const narrowsGraph = (() => {
  const charts = narrowsCharts;
  const SVG = 'http://www.w3.org/2000/svg';
  /** No step has a blank name. */
  const INPUT = ' ';
  /** Light to dark for few bits to many; the number stands in the box, too. */
  const SHADES = ['#fff3c4', '#fdc878', '#f0896b', '#b8487f', '#5b2a86'];

  const FIGURES = {
    safe: {words: 'bits safe for any input', of: layer => layer.bounds.signSum},
    seen: {words: 'bits of the widest sum seen', of: layer => layer.profile && charts.enoughFor(layer.profile, 1)},
    alone: {words: 'bits enough while all other layers are exact', of: (layer, analysis) => analysis.sensitivity?.layers.find(l => l.name === layer.name)?.enough},
  };

  /** What the boxes can be coloured by: [{value, words}]. */
  const figures = analysis => Object.entries(FIGURES).filter(([, {of}]) => analysis.layers.some(layer => of(layer, analysis) !== undefined))
    .map(([value, {words}]) => ({value, words}));

  const mixed = (from, to, share) => '#' + [1, 3, 5].map(i => Math.round(parseInt(from.slice(i, i + 2), 16) * (1 - share)
    + parseInt(to.slice(i, i + 2), 16) * share).toString(16).padStart(2, '0')).join('');
  function shade(share) {
    const at = Math.min(SHADES.length - 1.001, Math.max(0, share) * (SHADES.length - 1));
    return mixed(SHADES[Math.floor(at)], SHADES[Math.floor(at) + 1], at % 1);
  }
  /** Black or white, whichever is read better on a colour. */
  const inkOn = colour => [1, 3, 5].reduce((sum, i, k) => sum + [0.299, 0.587, 0.114][k] * parseInt(colour.slice(i, i + 2), 16), 0) > 140 ? '#101418' : '#ffffff';

  /** The steps as rows of a table: name, kind, inputs, and each width that is known. */
  const rows = analysis => analysis.steps.map(({name, kind, inputs}) => {
    const layer = analysis.layers.find(l => l.name === name);
    return {name, kind, inputs: inputs.map(i => i || 'input').join(' '),
      ...Object.fromEntries(figures(analysis).map(({value}) => [value, layer && FIGURES[value].of(layer, analysis)]))};
  });

  /** Where steps stand: {nodes: [{name, kind, layer, label, x, y, width, height}], edges: [{points}], width, height}. */
  function layout(analysis) {
    if (!layouts.has(analysis)) layouts.set(analysis, laidOut(analysis));
    return layouts.get(analysis);
  }
  const layouts = new Map(); // dagre takes some milliseconds for each step

  function laidOut(analysis) {
    const graph = new dagre.graphlib.Graph().setGraph({rankdir: 'TB', nodesep: 18, ranksep: 22, marginx: 8, marginy: 8}).setDefaultEdgeLabel(() => ({}));
    const layers = new Map(analysis.layers.map(layer => [layer.name, layer]));
    const short = charts.labels(analysis.layers.map(layer => layer.name));
    if (analysis.steps.some(step => step.inputs.includes(''))) {
      graph.setNode(INPUT, {name: 'input', kind: 'what the network is given', label: 'input', width: 60, height: 20});
    }
    for (const {name, kind} of analysis.steps) {
      const layer = layers.get(name);
      const label = layer ? short.get(name) : kind;
      graph.setNode(name, {name, kind, layer, label, width: layer ? Math.max(92, 22 + 6.6 * label.length) : 16 + 5.6 * label.length, height: layer ? 40 : 18});
    }
    for (const {name, inputs} of analysis.steps) inputs.forEach(from => graph.setEdge(from || INPUT, name));
    dagre.layout(graph);
    const nodes = graph.nodes().map(id => graph.node(id));
    return {nodes, edges: graph.edges().map(edge => graph.edge(edge)), width: Math.ceil(graph.graph().width), height: Math.ceil(graph.graph().height)};
  }

  /**
   * The drawing, an SVG element of its own size.
   *
   * @param address of a layer's view, by name; none for a drawing that is saved
   */
  function draw(analysis, figure, look, address) {
    const el = (name, attributes, ...children) => {
      const node = document.createElementNS(SVG, name);
      Object.entries(attributes).forEach(([key, value]) => value !== undefined && node.setAttribute(key, value));
      node.append(...children);
      return node;
    };
    const {nodes, edges, width, height} = layout(analysis);
    const known = analysis.layers.map(layer => FIGURES[figure].of(layer, analysis)).filter(bits => bits !== undefined);
    const low = Math.min(...known);
    const high = Math.max(...known);
    const drawing = el('svg', {xmlns: SVG, width, height, viewBox: `0 0 ${width} ${height}`, role: 'group',
      'aria-label': `The network: ${analysis.steps.length} steps, ${analysis.layers.length} of them coloured by ${FIGURES[figure].words}, ${low} to ${high}`,
      'font-family': 'system-ui, "Segoe UI", "DejaVu Sans", Arial, sans-serif', 'text-anchor': 'middle'});
    drawing.append(el('rect', {width, height, fill: look.paper}),
      el('defs', {}, el('marker', {id: 'arrow', viewBox: '0 0 8 8', refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: 'auto'},
        el('path', {d: 'M0,0L8,4L0,8z', fill: look.faint}))),
      ...edges.map(({points}) => el('path', {d: 'M' + points.map(p => `${p.x.toFixed(1)},${p.y.toFixed(1)}`).join('L'), fill: 'none', stroke: look.faint, 'marker-end': 'url(#arrow)'})));
    for (const node of nodes) {
      const {name, kind, layer, label} = node;
      const bits = layer && FIGURES[figure].of(layer, analysis);
      const fill = bits === undefined ? look.none : shade(high === low ? 0.5 : (bits - low) / (high - low));
      const ink = bits === undefined ? look.ink : inkOn(fill);
      const box = [el('title', {}, layer ? `${name}, ${kind}, K = ${layer.terms}${bits === undefined ? '' : `: ${bits} ${FIGURES[figure].words}`}` : `${name}, ${kind}`),
        el('rect', {x: node.x - node.width / 2, y: node.y - node.height / 2, width: node.width, height: node.height, rx: layer ? 5 : 9, fill, stroke: layer ? look.faint : look.grid})];
      if (layer) {
        box.push(el('text', {x: node.x, y: node.y - 4, 'font-size': 11, fill: ink}, label),
          el('text', {x: node.x, y: node.y + 12, 'font-size': 12, 'font-weight': 700, fill: ink}, bits === undefined ? kind : `${bits} bits`));
      } else box.push(el('text', {x: node.x, y: node.y + 4, 'font-size': 10, fill: look.ink}, label));
      drawing.append(layer && address ? el('a', {href: address(name)}, ...box) : el('g', {}, ...box));
    }
    return drawing;
  }

  return {figures, rows, draw};
})();
