// Which pages the site has, in which order, and where each lies: guide, reference, results, project.
import {readFileSync, readdirSync} from 'node:fs';
import {posix} from 'node:path';
import {fileURLToPath} from 'node:url';

/** The checkout, with a slash at the end. */
export const ROOT = fileURLToPath(new URL('../', import.meta.url));

/** The reference, by what a reader is after. A document that is not listed here stands under "More". */
const REFERENCE = [
  ['What is computed', ['accumulators', 'bounds', 'order', 'lanes', 'targets', 'narrow', 'repair']],
  ['Files and data', ['data', 'onnx', 'hosted', 'network-file', 'result-files', 'language', 'c', 'hardware']],
  ['Training', ['recipes', 'sweeps', 'training', 'cluster', 'mlflow']],
  ['More', ['faq', 'glossary', 'compare', 'release']],
];

/** The project itself: how it is built, and why so. */
const PROJECT = ['CONTRIBUTING.md', 'docs/design.md', 'docs/kernels.md', 'docs/decisions.md', 'docs/measurements/README.md', 'CHANGELOG.md'];

/** The page of a folder. */
const DOOR = 'README.md';

const read = source => readFileSync(ROOT + source, 'utf8');

/** The first heading without marks. */
const titleOf = source => {
  const heading = /^# (.+)$/m.exec(read(source));
  if (!heading) throw new Error(`${source}: a page needs a first line that begins with "# "`);
  return heading[1].replaceAll('`', '');
};

/** Every Markdown file of a folder, its README first, then in the order in which that links to them, then the others. */
function inOrder(folder) {
  const files = readdirSync(ROOT + folder).filter(name => name.endsWith('.md'));
  const linked = [...read(`${folder}/${DOOR}`).matchAll(/\]\(([\w.-]+\.md)\)/g)].map(match => match[1]);
  return [...new Set([DOOR, ...linked.filter(name => files.includes(name)), ...files])].map(name => `${folder}/${name}`);
}

/** Where the page of a Markdown file lies in the site. */
export const addressOf = source => source.replace(/^docs\//, '').replace(/(^|\/)README\.md$/, '$1index.html').replace(/\.md$/, '.html');

const page = source => ({source, address: addressOf(source), title: titleOf(source)});
const listed = new Set([...REFERENCE.flatMap(([, names]) => names.map(name => `docs/${name}.md`)), ...PROJECT]);
const others = readdirSync(ROOT + 'docs').filter(name => name.endsWith('.md')).map(name => `docs/${name}`).filter(source => !listed.has(source));

/** [{title, address, groups: [{title, pages: [{source, address, title}]}]}]; the first page of a section is its door. */
export const SECTIONS = [
  {title: 'Guide', groups: [{pages: inOrder('docs/guide').map(page)}]},
  {title: 'Reference', groups: REFERENCE.map(([title, names], i) => ({title,
    pages: [...names.map(name => `docs/${name}.md`), ...i === REFERENCE.length - 1 ? others : []].map(page)}))},
  {title: 'Results', groups: [{pages: inOrder('docs/results').map(page)}]},
  {title: 'Project', groups: [{pages: [...PROJECT, ...inOrder('docs/measurements').slice(1)].map(page)}]},
].map(section => ({...section, address: section.groups[0].pages[0].address}));

/** The README, which is the first page, and all pages of all sections. */
export const PAGES = [page(DOOR), ...SECTIONS.flatMap(section => section.groups.flatMap(group => group.pages))];

/** A relative address in a page that lies in another folder. */
export const relative = (from, to) => posix.relative(posix.dirname(from), to) || posix.basename(to);
