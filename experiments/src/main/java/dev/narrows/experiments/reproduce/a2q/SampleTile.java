package dev.narrows.experiments.reproduce.a2q;

import dev.narrows.core.dot.Summation;
import dev.narrows.data.Targets.ImageTargets;
import dev.narrows.data.upscale.Bicubic;
import dev.narrows.data.upscale.LumaImage;
import dev.narrows.experiments.evaluate.MeasuredTargets;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.evaluate.NetworkInputs;
import dev.narrows.network.Network;
import dev.narrows.network.execute.Execution;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.NetworkRunner;
import dev.narrows.report.ReproductionResult.GrayImage;

/**
 * One tile of test images as it should be and as networks make it.
 *
 * @param index of the tile
 */
record SampleTile(ImageTargets wanted, int index) {
  /** The tile whose pixels differ most from each other: there is something to see. */
  static SampleTile of(ImageTargets wanted) {
    int best = 0;
    double most = -1;
    for (int i = 0; i < wanted.count(); i++) {
      double spread = spread(wanted, i);
      if (spread > most) {
        most = spread;
        best = i;
      }
    }
    return new SampleTile(wanted, best);
  }

  private static double spread(ImageTargets images, int i) {
    double sum = 0;
    double squares = 0;
    for (int j = i * images.outputs(); j < (i + 1) * images.outputs(); j++) {
      double value = images.elements().number(j);
      sum += value;
      squares += value * value;
    }
    return squares - sum * sum / images.outputs();
  }

  /** As it should be. */
  GrayImage original() {
    return image("original", pixels());
  }

  /** Made smaller and larger again without a network. */
  GrayImage bicubic(int factor) {
    LumaImage original = new LumaImage(wanted.height(), wanted.width(), pixels());
    return image("bicubic", Bicubic.enlarged(Bicubic.reduced(original, factor), factor).pixels());
  }

  /** What a network makes, in exact registers. */
  GrayImage made(String title, ModelFile model, NetworkInputs inputs) {
    Network network = model.network();
    LayerRegisters exact = LayerRegisters.of(Summation.exact());
    NetworkInputs one = inputs.subset(network.inputElements(), new int[] {index});
    try (NetworkRunner runner = one.runner(network, exact, 1)) {
      Execution execution = runner.run(one.source(), one.options());
      double[] outputs = MeasuredTargets.outputs(network.output(), execution);
      byte[] pixels = new byte[outputs.length];
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] = (byte) Math.round(255 * Math.clamp(outputs[i], 0.0, 1.0));
      }
      return image(title, pixels);
    }
  }

  private byte[] pixels() {
    byte[] pixels = new byte[wanted.outputs()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) Math.round(wanted.elements().number(index * pixels.length + i));
    }
    return pixels;
  }

  private GrayImage image(String title, byte[] pixels) {
    return GrayImage.of(title, wanted.height(), wanted.width(), pixels);
  }
}
