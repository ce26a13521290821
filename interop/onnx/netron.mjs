// Opens files of ONNX with Netron's own parser, without its page, and prints what it sees.
//
//     pip install netron   (9.3.3, MIT; its sources are in the package's folder)
//     node interop/onnx/netron.mjs FOLDER_OF_NETRON FILE...
//
// A line a file: format, nodes, tensors of the graph, nodes whose metadata states a register.
// Exit 1 if a file does not open.

import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const [folder, ...files] = process.argv.slice(2);
const load = (name) => import(pathToFileURL(path.resolve(folder, name)).href);
globalThis.window = globalThis;
globalThis.document = { addEventListener() {}, createElement: () => ({}) };
const view = await load('view.js');
const base = await load('base.js');

const host = {
    environment: () => undefined,
    event() {},
    exception(error) { throw error; },
    require: (id) => load(`${id}.js`),
    request: (file) => fs.promises.readFile(path.resolve(folder, file), 'utf-8'),
};

let failed = 0;
for (const file of files) {
    try {
        const stream = new base.BinaryStream(new Uint8Array(fs.readFileSync(file)));
        const context = {
            identifier: path.basename(file), stream, entries: new Map(), name: path.basename(file),
            request: host.request, require: host.require, error(error) { throw error; },
        };
        const service = new view.ModelFactoryService(host);
        const model = await service.open(context);
        const graph = (model.modules || model.graphs)[0];
        const stated = graph.nodes.filter((node) =>
            (node.metadata || []).some((entry) => String(entry.name).startsWith('narrows.accumulator.')));
        const constants = new Set(graph.nodes.flatMap((node) => node.inputs.flatMap((input) =>
            (input.value || []).filter((value) => value && value.initializer).map((value) => value.name))));
        console.log(`${path.basename(file)}: ${model.format}, ${graph.nodes.length} nodes, ` +
            `${constants.size} constants, ${stated.length} registers stated`);
    } catch (error) {
        failed++;
        console.log(`${path.basename(file)}: ${error.stack}`);
    }
}
process.exit(failed ? 1 : 0);
