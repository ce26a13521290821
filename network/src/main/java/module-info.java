/** The graph, its executor, passes, readers and writers. */
module dev.narrows.network {
  requires static org.jspecify;
  requires transitive dev.narrows.core;
  requires dev.narrows.kernels;
  requires tools.jackson.databind;
  requires transitive com.google.protobuf;

  exports dev.narrows.network.array;
  exports dev.narrows.network.bert;
  exports dev.narrows.network.execute;
  exports dev.narrows.network.files;
  exports dev.narrows.network.format;
  exports dev.narrows.network.gguf;
  exports dev.narrows.network.gpt;
  exports dev.narrows.network.hosted;
  exports dev.narrows.network.hub;
  exports dev.narrows.network.layer;
  exports dev.narrows.network.llama;
  exports dev.narrows.network.onnx.fold;
  exports dev.narrows.network.onnx.graph;
  exports dev.narrows.network.onnx.proto;
  exports dev.narrows.network.onnx.read;
  exports dev.narrows.network.onnx.write;
  exports dev.narrows.network.parts;
  exports dev.narrows.network.pass;
  exports dev.narrows.network.program;
  exports dev.narrows.network.safetensors;
  exports dev.narrows.network.targets;
  exports dev.narrows.network.tensor;
  exports dev.narrows.network.text;
  exports dev.narrows.network.tflite;
  exports dev.narrows.network.weights;
  exports dev.narrows.network;

  uses dev.narrows.network.hosted.HostedRuntime;
}
