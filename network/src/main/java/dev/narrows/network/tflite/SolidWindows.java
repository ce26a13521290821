package dev.narrows.network.tflite;

import dev.narrows.network.NetworkFileException;
import dev.narrows.network.layer.Rearrange;
import dev.narrows.network.layer.Rearrange.Axis;
import dev.narrows.network.tensor.TensorType;
import java.util.List;

/**
 * What windows of three axes see, as the channels of one position: [kernel depth · row · column ·
 * channel].
 *
 * @param tensor [channels][batch · depth · row][column]
 */
record SolidWindows(OperatorImport in, int tensor, int channels, int batch) {
  /**
   * One of the three dimensions.
   *
   * @param size of the tensor along it
   * @param before padding in front
   * @param inside elements that are seen, the first ones
   * @param padded size with padding
   * @param made windows
   */
  record Side(
      int size, int before, int inside, int padded, int taps, int stride, int dilation, int made) {}

  /**
   * The windows.
   *
   * @param from how far apart neighbours in the tensor are, along [batch, d, h, w, channel]
   * @param to the output, whose positions have a window each
   */
  int of(Side d, Side h, Side w, int[] from, TensorType to) throws NetworkFileException {
    int plane = Math.multiplyExact(h.padded(), w.padded());
    int image = Math.multiplyExact(d.padded(), plane);
    TensorType padded =
        TensorType.floats(
            channels,
            Math.multiplyExact(Math.multiplyExact(batch, d.padded()), h.padded()),
            w.padded());
    int wider =
        FileOrder.spread(
            in,
            tensor,
            padded,
            List.of(
                Axis.of(channels, from[4]),
                Axis.of(batch, from[0]),
                new Axis(d.padded(), d.before(), d.inside(), from[1]),
                new Axis(h.padded(), h.before(), h.inside(), from[2]),
                new Axis(w.padded(), w.before(), w.inside(), from[3])));
    int terms =
        Math.multiplyExact(
            Math.multiplyExact(Math.multiplyExact(d.taps(), h.taps()), w.taps()), channels);
    return in.add(
        new Rearrange(
            FileOrder.name(in, "/windows"),
            List.of(wider),
            TensorType.floats(terms, to.height(), to.width()),
            0,
            List.of(
                Axis.of(d.taps(), d.dilation() * plane),
                Axis.of(h.taps(), h.dilation() * w.padded()),
                Axis.of(w.taps(), w.dilation()),
                Axis.of(channels, batch * image),
                Axis.of(batch, image),
                Axis.of(d.made(), d.stride() * plane),
                Axis.of(h.made(), h.stride() * w.padded()),
                Axis.of(w.made(), w.stride()))));
  }
}
