"""The integers of axe.py's loop beside those of Brevitas's own, layer by layer, on few images.

    venv/bin/python interop/brevitas/axe_check.py --data shared/data --cifar CIFAR > interop/brevitas/axe-check.csv
"""

import argparse
import warnings

import torch
from brevitas_examples.common.axe import a2gpfq_mode, a2gptq_mode

import axe
import resnet20

W, A, P, IMAGES = 4, 5, 14, 64
MODES = {"gptq": a2gptq_mode, "gpfq": a2gpfq_mode}


class Whole(torch.nn.Module):
    def __init__(self, grid):
        super().__init__()
        self.names = grid.names
        bits = [(axe.ENDS_BITS,) * 2 if grid.ends(name) else (W, A) for name in grid.names]
        self.layers = torch.nn.ModuleList(grid.layer(name, *pair) for name, pair in zip(grid.names, bits))

    def forward(self, x):
        return resnet20.walk(x, self.names, lambda name, part: self.layers[self.names.index(name)](part))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True)
    parser.add_argument("--cifar", required=True)
    options = parser.parse_args()
    options.activations, options.act_order = "mse", True
    warnings.filterwarnings("ignore")
    torch.set_num_threads(1)
    print("# " + axe.provenance().replace("axe.py", "axe_check.py") + "; W%dA%d, %d bits, %d images" % (W, A, P, IMAGES))
    print("method,layer,weights,equal")
    with torch.no_grad():
        grid = axe.Grid(options, IMAGES, 1)
        for method, mode in MODES.items():
            ours = grid.network(method, "given", W, A, P, False, correct=False)
            whole = Whole(grid)
            ends = (whole.layers[0], whole.layers[-1])
            with mode(whole, act_order=True, max_accumulator_bit_width=P,
                      a2q_layer_filter_fnc=lambda layer: layer not in ends) as running:
                for _ in range(running.num_layers):
                    for part in resnet20.batches(grid.images):
                        running.model(part)
                    running.update()
            for name, layer in zip(grid.names, whole.layers):
                codes, _ = axe.integers(layer)
                same = int((codes == ours[name]["codes"]).sum())
                print("%s,%s,%d,%d" % (method, name, codes.numel(), same), flush=True)


if __name__ == "__main__":
    main()
