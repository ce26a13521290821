package dev.narrows.network.format;

import dev.narrows.network.NetworkFileException;
import dev.narrows.network.layer.Window;
import tools.jackson.databind.node.ObjectNode;

/** Windows in a graph. */
final class WindowCodec {
  private WindowCodec() {}

  static Window read(Fields fields) throws NetworkFileException {
    int[] kernel = fields.integers("kernel", 2);
    int[] stride = fields.integers("stride", 2);
    int[] dilation = fields.integers("dilation", 2);
    int[] padding = fields.integers("padding", 4);
    fields.end();
    return new Window(
        kernel[0],
        kernel[1],
        stride[0],
        stride[1],
        dilation[0],
        dilation[1],
        padding[0],
        padding[1],
        padding[2],
        padding[3]);
  }

  static void write(ObjectNode node, Window w) {
    LayerNode.integers(node, "kernel", w.kernelHeight(), w.kernelWidth());
    LayerNode.integers(node, "stride", w.strideHeight(), w.strideWidth());
    LayerNode.integers(node, "dilation", w.dilationHeight(), w.dilationWidth());
    LayerNode.integers(node, "padding", w.padTop(), w.padBottom(), w.padLeft(), w.padRight());
  }
}
