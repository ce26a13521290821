"""Random files as calls.py makes them, in random_operators.py's way, to compare widely."""
import argparse
import os
import pathlib

import calls
import golden
from operators import B
from random_operators import Draw


def dense(d):
    rows, terms, units = d.one(1, 1, 4), d.count(1, 50), d.count(1, 9)
    return calls.hybrid_dense((rows, terms), terms, (rows, units), d.chance(0.5), d.chance(0.5),
                              d.chance(0.7), d.one(0, 0, 1, 3), d.one(8, 8, 4))


def convolution(d):
    return calls.hybrid_convolution(d.chance(0.4), d.chance(0.6), d.one(1, 1, 2, 3), d.chance(0.5),
                                    d.count(1, 3), d.count(1, 7), activation=d.one(0, 0, 1, 3))


def batch(d):
    depthwise = d.chance(0.4)
    return calls.convolution(depthwise, d.chance(0.5), d.count(1, 3), d.count(1, 3), 
                             1 if depthwise else d.one(1, 2, 4), d.count(1, 4), d.chance(0.3))


def pool(d):
    return calls.pool(d.one(B.AVERAGE_POOL_2D, B.MAX_POOL_2D), d.chance(0.5), d.chance(0.3), d.count(1, 4))


KINDS = [dense, convolution, batch, pool]

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--count", type=int, default=400)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    for seed in range(arguments.seed, arguments.seed + arguments.count):
        make = KINDS[seed % len(KINDS)]
        calls.SEED = seed
        file = arguments.out / f"{make.__name__}-{seed:06d}.tflite"
        file.write_bytes(make(Draw(seed)))
        child = os.fork()
        if child == 0:
            try:
                golden.golden(file, 4, arguments.out)
                os._exit(0)
            except Exception as problem:
                print(f"{file.name}: {str(problem).splitlines()[0]}")
                os._exit(1)
        if os.waitpid(child, 0)[1] != 0:
            file.unlink()
