"""Makes the golden files beside it. Run with NumPy 2.4.6 and Pillow 13.0.0: python make_golden.py"""

import pathlib

import numpy as np
from PIL import Image

HERE = pathlib.Path(__file__).parent

values = np.arange(-6, 6).reshape(2, 3, 2)
for code in ["b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8"]:
    unsigned = code[0] in "ub"
    array = ((values + 6) if unsigned else values / 4 if code[0] == "f" else values).astype(code)
    np.save(HERE / "npy" / f"{code}.npy", array)
    np.save(HERE / "npy" / f"{code}_big.npy", array.astype(">" + code))
    np.save(HERE / "npy" / f"{code}_fortran.npy", np.asfortranarray(array))
np.save(HERE / "npy" / "scalar.npy", np.float32(2.5))
np.save(HERE / "npy" / "vector.npy", np.arange(5, dtype="i4"))
np.save(HERE / "npy" / "empty.npy", np.zeros((0, 3), dtype="f4"))
for version in (2, 3):
    with open(HERE / "npy" / f"version{version}.npy", "wb") as out:
        np.lib.format.write_array(out, values.astype("i4"), version=(version, 0))
np.save(HERE / "npy" / "record.npy", np.zeros(2, dtype=[("a", "i4")]))
np.save(HERE / "npy" / "object.npy", np.array([None]), allow_pickle=True)
np.savez_compressed(HERE / "npy" / "xy.npz", x=values.astype("i4"), y=np.array([1, 0]))
np.savez(HERE / "npy" / "stored.npz", x=values.astype("f4"))

noise = np.random.default_rng(1).integers(0, 256, (7, 10), dtype=np.uint8)
lines = ["# Pillow 13.0.0 (HPND licence), Image.resize(BILINEAR) of a 7x10 image, first across, then down: height,width,pixels"]
for height, width in [(7, 10), (14, 20), (3, 4), (5, 17), (1, 1), (16, 3)]:
    across = Image.fromarray(noise).resize((width, 7), Image.Resampling.BILINEAR)
    pixels = np.asarray(across.resize((width, height), Image.Resampling.BILINEAR))
    lines.append(",".join(str(v) for v in (height, width, *pixels.flatten())))
(HERE / "resize.csv").write_text("\n".join(lines) + "\n")

red, green, blue = (noise.astype(int) * k % 256 for k in (1, 3, 7))
color = np.stack([red, green, blue], axis=-1).astype(np.uint8)
Image.fromarray(color).save(HERE / "color.png")
Image.fromarray(noise).save(HERE / "gray.png")
luma = np.asarray(Image.fromarray(color).convert("L"))
lines = ["# Pillow 13.0.0 (HPND licence), channel,pixels of color.png (0 to 2: RGB; 3: convert('L')) and gray.png (4)"]
for channel, plane in enumerate([color[..., 0], color[..., 1], color[..., 2], luma, noise]):
    lines.append(",".join(str(v) for v in (channel, *plane.flatten())))
(HERE / "pixels.csv").write_text("\n".join(lines) + "\n")
