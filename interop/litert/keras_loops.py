"""Recurrent layers of Keras as TensorFlow's converter writes them: loops, whose calls' values are kept.

Needs TensorFlow 2.21.0 beside ai-edge-litert; an environment of its own.
"""
import argparse
import pathlib

import tensorflow as tf

L = tf.keras.layers
STEPS, FEATURES = 4, 3
LAYERS = {
    "loop-gru": lambda: L.GRU(3, return_sequences=True),
    "loop-lstm": lambda: L.LSTM(3, return_sequences=True),
    "loop-lstm-last": lambda: L.LSTM(3),
    "loop-rnn": lambda: L.SimpleRNN(3, return_sequences=True),
    "loop-gru-both": lambda: L.Bidirectional(L.GRU(2, return_sequences=True)),
}


def converted(layer, features=FEATURES, dynamic=False):
    given = tf.keras.Input((STEPS, features), batch_size=1)
    converter = tf.lite.TFLiteConverter.from_keras_model(tf.keras.Model(given, layer(given)))
    if dynamic:
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
    return converter.convert()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    out = parser.parse_args().out
    tf.keras.utils.set_random_seed(1)
    for name, layer in LAYERS.items():
        (out / f"{name}.tflite").write_bytes(converted(layer()))
    wide = converted(L.GRU(40, return_sequences=True), 12, True)
    (out / "loop-gru-hybrid.tflite").write_bytes(wide)
