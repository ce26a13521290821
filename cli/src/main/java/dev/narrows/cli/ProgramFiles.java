package dev.narrows.cli;

import dev.narrows.data.file.AtomicFile;
import dev.narrows.data.file.Npy;
import dev.narrows.data.file.NpyArray;
import dev.narrows.data.file.NpyType;
import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import dev.narrows.network.hosted.HostedValue;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What calls of a program made, kept until it is written: a name's arrays of all calls in one file,
 * the calls in place of a first dimension of 1 or in front of others; where their shapes differ, a
 * file a call. Strings are lines of a text.
 */
final class ProgramFiles {
  private final Map<String, List<NdTensor>> arrays = new LinkedHashMap<>();
  private final Map<String, List<NdTensor>> outputs = new LinkedHashMap<>();

  /** Takes an intermediate value. */
  void add(String name, HostedValue value) {
    arrays.computeIfAbsent(name, n -> new ArrayList<>()).addAll(value.all());
  }

  /** Takes an output. */
  void output(String name, HostedValue value) {
    outputs.computeIfAbsent(name, n -> new ArrayList<>()).addAll(value.all());
  }

  /** Writes all into a folder; returns the files. */
  List<Path> write(Path folder) throws IOException {
    Map<String, List<NdTensor>> all = new LinkedHashMap<>(arrays);
    all.putAll(outputs);
    Files.createDirectories(folder);
    List<Path> written = new ArrayList<>();
    for (Map.Entry<String, List<NdTensor>> one : all.entrySet()) {
      String name = written.size() + "_" + one.getKey();
      if (one.getValue().isEmpty()) {
        continue;
      }
      if (one.getValue().getFirst().type() == NdType.STRING) {
        List<String> lines =
            one.getValue().stream().flatMap(tensor -> tensor.strings().stream()).toList();
        Path file = folder.resolve(TensorFiles.fileName(name).replaceAll("npy$", "txt"));
        AtomicFile.write(file, String.join("\n", lines) + "\n");
        written.add(file);
      } else if (same(one.getValue())) {
        written.add(write(folder, name, stacked(one.getValue())));
      } else {
        for (int call = 0; call < one.getValue().size(); call++) {
          NpyArray array = array(one.getValue().get(call));
          written.add(write(folder, name + "." + call, array));
        }
      }
    }
    return written;
  }

  private static Path write(Path folder, String name, NpyArray array) throws IOException {
    Path file = folder.resolve(TensorFiles.fileName(name));
    Npy.write(file, array);
    return file;
  }

  private static boolean same(List<NdTensor> calls) {
    NdTensor first = calls.getFirst();
    return calls.stream()
        .allMatch(one -> one.type() == first.type() && one.dims().equals(first.dims()));
  }

  private static NpyArray stacked(List<NdTensor> calls) {
    NpyArray first = array(calls.getFirst());
    if (calls.size() == 1) {
      return first;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (NdTensor call : calls) {
      bytes.writeBytes(plain(call).data());
    }
    List<Integer> dims = new ArrayList<>(calls.getFirst().dims());
    if (!dims.isEmpty() && dims.getFirst() == 1) {
      dims.removeFirst();
    }
    dims.addFirst(calls.size());
    return new NpyArray(first.type(), dims, MemorySegment.ofArray(bytes.toByteArray()));
  }

  private static NpyArray array(NdTensor tensor) {
    NdTensor plain = plain(tensor);
    return new NpyArray(type(plain.type()), plain.dims(), MemorySegment.ofArray(plain.data()));
  }

  /** The same elements in a type that NumPy has. */
  private static NdTensor plain(NdTensor tensor) {
    return switch (tensor.type()) {
      case UINT4, UINT2 -> NdTensor.ofIntegers(NdType.UINT8, tensor.integers(), tensor.dims());
      case INT4, INT2 -> NdTensor.ofIntegers(NdType.INT8, tensor.integers(), tensor.dims());
      case BFLOAT16,
          FLOAT8E4M3FN,
          FLOAT8E4M3FNUZ,
          FLOAT8E5M2,
          FLOAT8E5M2FNUZ,
          FLOAT8E8M0,
          FLOAT4E2M1 ->
          NdTensor.of(tensor.floats(), tensor.elements()).shaped(tensor.dims());
      default -> tensor;
    };
  }

  private static NpyType type(NdType type) {
    return switch (type) {
      case FLOAT -> NpyType.FLOAT32;
      case DOUBLE -> NpyType.FLOAT64;
      case FLOAT16 -> NpyType.FLOAT16;
      case INT8 -> NpyType.INT8;
      case UINT8 -> NpyType.UINT8;
      case INT16 -> NpyType.INT16;
      case UINT16 -> NpyType.UINT16;
      case INT32 -> NpyType.INT32;
      case UINT32 -> NpyType.UINT32;
      case INT64 -> NpyType.INT64;
      case UINT64 -> NpyType.UINT64;
      case BOOL -> NpyType.BOOL;
      default -> throw new IllegalArgumentException("no NumPy type for " + type);
    };
  }
}
