package dev.narrows.experiments.reproduce.field;

import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.reproduce.figure.Workshop;
import dev.narrows.network.files.NetworkFiles;
import dev.narrows.report.NetworkFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A TFLite file that others made.
 *
 * @param name a word for tables
 * @param file as seen from a root of data
 * @param inputs what it is run on
 */
record FieldNetwork(String name, String file, FieldInputs inputs) {
  static final List<FieldNetwork> ALL =
      List.of(
          new FieldNetwork(
              "resnet8", "models/mlperf-tiny/pretrainedResnet_quant.tflite", FieldInputs.CIFAR10),
          new FieldNetwork(
              "keyword-spotting",
              "models/mlperf-tiny/kws_ref_model.tflite",
              FieldInputs.SPOKEN_WORD),
          new FieldNetwork(
              "anomaly-detection", "models/mlperf-tiny/ad01_int8.tflite", FieldInputs.MACHINE),
          new FieldNetwork(
              "mobilenet-v1",
              "models/coral/mobilenet_v1_0.25_128_quant.tflite",
              FieldInputs.PHOTOGRAPHS),
          new FieldNetwork(
              "micro-speech",
              "models/tflite-micro/micro_speech_quantized.tflite",
              FieldInputs.FOUR_SOUNDS));

  /** The file by the name that it has in every root; empty if no root has it. */
  Optional<ModelFile> open(Workshop workshop) throws IOException {
    Optional<Path> path = workshop.roots().find(file);
    if (path.isEmpty()) {
      return Optional.empty();
    }
    NetworkFile id = new NetworkFile(file, NetworkFiles.sha256(path.get()));
    return Optional.of(
        new ModelFile(path.get(), NetworkFiles.read(path.get()), id, Optional.empty()));
  }
}
