package dev.narrows.network.format;

import dev.narrows.network.layer.Activation;
import dev.narrows.network.layer.Dequantize;
import dev.narrows.network.layer.Elementwise;
import dev.narrows.network.layer.Embedding;
import dev.narrows.network.layer.FloatLayer;
import dev.narrows.network.layer.MatMul;
import dev.narrows.network.layer.MeanPool;
import dev.narrows.network.layer.Normalization;
import dev.narrows.network.layer.Positions;
import dev.narrows.network.layer.Rotary;
import dev.narrows.network.layer.Softmax;
import dev.narrows.network.layer.Store;
import dev.narrows.network.safetensors.SafetensorsWriter;
import java.util.Locale;
import tools.jackson.databind.node.ObjectNode;

/** What the graph says of layers of real numbers beside name, kind, inputs and output. */
record FloatLayerWriter(SafetensorsWriter tensors) {
  void write(ObjectNode node, FloatLayer layer) {
    String name = layer.name();
    switch (layer) {
      case MatMul product -> {
        node.put("form", product.form().name().toLowerCase(Locale.ROOT));
        node.put("heads", product.heads()).put("rightHeads", product.rightHeads());
      }
      case Elementwise _, Activation _, Store _, Dequantize _ -> {}
      case MeanPool pool -> GraphWriter.window(node, pool.window());
      case Softmax softmax -> node.put("scale", softmax.scale()).put("causal", softmax.causal());
      case Normalization norm -> {
        node.put("epsilon", norm.epsilon());
        node.put("shifted", norm.shift().length > 0);
        tensors.floats(name + ".gain", norm.gain(), norm.gain().length);
        if (norm.shift().length > 0) {
          tensors.floats(name + ".shift", norm.shift(), norm.shift().length);
        }
      }
      case Rotary rotary -> node.put("headSize", rotary.headSize()).put("base", rotary.base());
      case Embedding embedding -> {
        node.put("rows", embedding.rows());
        int depth = embedding.output().channels();
        tensors.floats(name + ".table", embedding.table(), embedding.rows(), depth);
      }
      case Positions positions ->
          tensors.floats(
              name + ".table",
              positions.table(),
              positions.output().channels(),
              positions.output().height(),
              positions.output().width());
    }
  }
}
