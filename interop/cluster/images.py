"""Drawn images of 3 by 32 by 32 for the scripts beside this file, from the standard library alone.

    images.py FOLDER COUNT

writes FOLDER/images/CLASS/NNN.png, ten classes, and FOLDER/images.npz with the same images in the
same order (x: bytes, N x 32 x 32 x 3; y: classes). Every run writes the same.
"""
import os
import random
import struct
import sys
import zipfile
import zlib

SIDE = 32


def png(pixels):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + pixels[at:at + 3 * SIDE] for at in range(0, len(pixels), 3 * SIDE))
    head = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def npy(kind, shape, data):
    head = "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }" % (kind, "".join(f"{n}, " for n in shape))
    head += " " * (-(len(head) + 11) % 64) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head.encode() + data


def main(folder, count):
    drawn = random.Random(3)
    images = []
    for number in range(count):
        kind = number * 10 // count  # a folder's classes are read one after the other
        pixels = drawn.randbytes(3 * SIDE * SIDE)
        images.append((kind, pixels))
        place = os.path.join(folder, "images", str(kind))
        os.makedirs(place, exist_ok=True)
        with open(os.path.join(place, f"{number:05}.png"), "wb") as file:
            file.write(png(pixels))
    with zipfile.ZipFile(os.path.join(folder, "images.npz"), "w", zipfile.ZIP_DEFLATED) as arrays:
        x = b"".join(pixels for _, pixels in images)
        arrays.writestr("x.npy", npy("|u1", (count, SIDE, SIDE, 3), x))
        arrays.writestr("y.npy", npy("<i8", (count,), struct.pack(f"<{count}q", *(kind for kind, _ in images))))


main(sys.argv[1], int(sys.argv[2]))
