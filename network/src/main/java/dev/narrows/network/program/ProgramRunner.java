package dev.narrows.network.program;

import dev.narrows.network.FileTensors;
import dev.narrows.network.Network;
import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import dev.narrows.network.execute.Execution;
import dev.narrows.network.execute.ImageSource;
import dev.narrows.network.execute.LayerRegister;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.NetworkRunner;
import dev.narrows.network.execute.RunOptions;
import dev.narrows.network.hosted.HostedRuntime;
import dev.narrows.network.hosted.HostedValue;
import dev.narrows.network.onnx.graph.OnnxValueInfo;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tensor.Words;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs a program on the inputs of a source, a call each, spread over threads. */
final class ProgramRunner implements NetworkRunner {
  private final ProgramModel model;
  private final Network network;
  private final List<LayerRegister> registers;
  private final List<Output> outputs = new ArrayList<>(); // the first is the network's
  private final List<ProgramExecutor> executors = new ArrayList<>();
  private final ExecutorService pool;

  ProgramRunner(
      ProgramModel model, Optional<HostedRuntime> runtime, LayerRegisters registers, int threads) {
    this.model = model;
    this.network = model.network();
    this.registers = registers.of(network); // refuses rules that match nothing
    List<Integer> tensors = FileTensors.outputs(network);
    for (OnnxValueInfo info : ProgramModel.outputs(model.program())) {
      int tensor = tensors.get(outputs.size());
      outputs.add(new Output(info.name(), tensor, network.tensor(tensor)));
    }
    int workers = model.states().isEmpty() ? threads : 1;
    for (int i = 0; i < workers; i++) {
      executors.add(new ProgramExecutor(model.program(), runtime, registers));
    }
    this.pool =
        Executors.newFixedThreadPool(
            workers, Thread.ofPlatform().daemon().name("narrows-program-", 0).factory());
  }

  /** An output and the tensor that stands for it. */
  private record Output(String name, int tensor, TensorType type) {}

  @Override
  public Execution run(ImageSource source, RunOptions options) {
    int images = source.images();
    List<Output> wanted = options.tensors().isPresent() ? outputs : outputs.subList(0, 1);
    Map<Output, int[]> results = new LinkedHashMap<>();
    for (Output output : wanted) {
      results.put(output, new int[Math.multiplyExact(images, output.type().elements())]);
    }
    AtomicInteger next = new AtomicInteger();
    Progress progress = new Progress(options);
    List<CompletableFuture<Void>> work = new ArrayList<>();
    for (ProgramExecutor executor : executors) {
      work.add(
          CompletableFuture.runAsync(
              () -> {
                ProgramCalls calls = new ProgramCalls(model);
                int[] words = new int[network.inputElements()];
                for (int i = next.getAndIncrement(); i < images; i = next.getAndIncrement()) {
                  source.read(i, 1, words);
                  Map<String, HostedValue> made = executor.run(calls.inputs(words), options);
                  calls.keep(made);
                  int image = i;
                  results.forEach((output, all) -> {
                    int[] own = words(output, ProgramCalls.array(made, output.name()));
                    System.arraycopy(own, 0, all, image * own.length, own.length);
                  });
                  progress.done();
                }
              },
              pool));
    }
    try {
      CompletableFuture.allOf(work.toArray(CompletableFuture<?>[]::new)).join();
    } catch (CompletionException e) {
      next.set(images);
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw e;
    }
    options
        .tensors()
        .ifPresent(sink -> results.forEach((output, all) -> sink.take(output.tensor(), 0, all)));
    SumRecords records = new SumRecords();
    executors.forEach(executor -> records.add(executor.takeRecords()));
    return new Execution(
        network.output(),
        images,
        results.values().iterator().next(),
        registers,
        records.profiles(),
        records.statistics(),
        records.decisions());
  }

  /** Tells how far a run is, one call at a time. */
  private static final class Progress {
    private final RunOptions options;
    private int done;

    Progress(RunOptions options) {
      this.options = options;
    }

    synchronized void done() {
      done++;
      options.progress().accept(done);
    }
  }

  /** An output's words, which are as many in every call. */
  private static int[] words(Output expected, NdTensor output) {
    if (output.elements() != expected.type().elements()) {
      throw new ProgramException(
          "output \"" + expected.name() + "\"",
          "has %d elements in one call and %d in another; run writes such outputs"
              .formatted(expected.type().elements(), output.elements()));
    }
    if (output.type().isFloating()) {
      return Words.of(output.floats());
    }
    String place = "output \"" + expected.name() + "\"";
    if (output.type() == NdType.STRING) {
      throw new ProgramException(place, "the file says numbers, and a call made strings");
    }
    long[] values = output.integers();
    int[] words = new int[values.length];
    for (int i = 0; i < words.length; i++) {
      words[i] = (int) values[i];
      if (words[i] != values[i]) {
        throw new ProgramException(
            place, values[i] + " does not fit 32 bits; run writes such outputs");
      }
    }
    return words;
  }

  @Override
  public void close() {
    pool.shutdownNow();
    executors.forEach(ProgramExecutor::close);
  }
}
