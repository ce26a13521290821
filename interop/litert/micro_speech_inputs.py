"""Writes micro-speech.csv: the codes that micro_speech's four sounds are to the network.

python micro_speech_inputs.py FOLDER_OF_WAVS > micro-speech.csv

Needs pymicro-features (TFLite Micro's audio front end, Apache-2.0). That package makes features
every 10 ms, micro_speech takes one every 20 ms: every second one is kept, so its noise estimate is
of twice as many windows as in TFLite Micro's own tests.
"""

import pathlib
import sys
import wave
from importlib.metadata import version

from pymicro_features import MicroFrontend

MOMENTS = 49
STEP = 2 * 160  # bytes of 10 ms at 16 kHz
# of the network's input, whose zero point is -128
SCALE = 0.10171568393707275


def features(path):
    with wave.open(str(path)) as sound:
        data = sound.readframes(sound.getnframes())
    front_end = MicroFrontend()
    rows = []
    for start in range(0, len(data), STEP):
        output = front_end.process_samples(data[start : start + STEP])
        if output.features:
            rows.append(output.features)
    return rows[::2][:MOMENTS]


def main():
    print(f"# made by interop/litert/micro_speech_inputs.py with pymicro-features {version('pymicro-features')}")
    print("# of tensorflow/tflite-micro's testdata (Apache-2.0); a row is a moment of 40 features")
    for path in sorted(pathlib.Path(sys.argv[1]).glob("*.wav")):
        print(f"# {path.stem}")
        for row in features(path):
            codes = (max(-128, min(127, round(value / SCALE) - 128)) for value in row)
            print(",".join(str(code) for code in codes))


main()
