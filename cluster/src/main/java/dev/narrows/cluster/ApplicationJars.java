package dev.narrows.cluster;

import com.google.protobuf.MessageLite;
import dev.narrows.core.dot.Summation;
import dev.narrows.data.Inputs;
import dev.narrows.experiments.run.ExecutorEnvironment;
import dev.narrows.kernels.MatrixProduct;
import dev.narrows.network.Network;
import dev.narrows.report.ResultJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.ObjectMapper;

/**
 * What executors need beside Spark: our own classes and the libraries that networks are read with.
 * Each is found by one of its classes, wherever it is on the class path.
 */
final class ApplicationJars {
  private static final List<Class<?>> NEEDED =
      List.of(
          SparkCluster.class,
          Summation.class,
          MatrixProduct.class,
          Network.class,
          Inputs.class,
          ResultJson.class,
          ExecutorEnvironment.class,
          MessageLite.class,
          ObjectMapper.class,
          JsonParser.class);

  private ApplicationJars() {}

  /**
   * The jars; folders of classes are packed.
   *
   * @param folder for what is packed
   */
  static List<Path> in(Path folder) {
    Set<Path> places = new LinkedHashSet<>();
    for (Class<?> needed : NEEDED) {
      place(needed).ifPresent(places::add);
    }
    return places.stream()
        .map(place -> Files.isDirectory(place) ? packed(place, folder) : place)
        .toList();
  }

  private static Optional<Path> place(Class<?> type) {
    return Optional.ofNullable(type.getProtectionDomain().getCodeSource())
        .map(CodeSource::getLocation)
        .map(location -> {
          try {
            return Path.of(location.toURI());
          } catch (URISyntaxException e) {
            throw new IllegalStateException("no path: " + location, e);
          }
        });
  }

  private static Path packed(Path classes, Path folder) {
    try {
      Path jar = Files.createTempFile(folder, "narrows-", ".jar");
      try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
          Stream<Path> all = Files.walk(classes)) {
        for (Path file : (Iterable<Path>) all.filter(Files::isRegularFile).sorted()::iterator) {
          String name = classes.relativize(file).toString().replace('\\', '/');
          if (!name.equals("module-info.class")) {
            out.putNextEntry(new JarEntry(name));
            Files.copy(file, out);
            out.closeEntry();
          }
        }
      }
      return jar;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
