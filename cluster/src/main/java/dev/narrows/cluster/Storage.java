package dev.narrows.cluster;

import dev.narrows.data.DataException;
import dev.narrows.data.file.ImageFolder;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkEnv;
import scala.Tuple2;

/**
 * Files, on the driver and on executors: of this machine by their paths, of any file system that
 * Hadoop knows by their addresses, such as {@code hdfs://host/folder} or {@code
 * s3a://bucket/x.npz}.
 */
final class Storage {
  private static final Pattern ADDRESS = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]+:/.*");
  private static final String HADOOP = "spark.hadoop.";

  private Storage() {}

  /** Whether a text is an address, rather than a path. */
  static boolean isAddress(String text) {
    return ADDRESS.matcher(text).matches();
  }

  /** The path of what lies on this machine, or on storage that is mounted here. */
  private static java.nio.file.Path path(String place) {
    return place.startsWith("file:")
        ? java.nio.file.Path.of(URI.create(place).getPath())
        : java.nio.file.Path.of(place);
  }

  private static boolean mounted(String place) {
    return !isAddress(place) || place.startsWith("file:");
  }

  private static FileSystem system(String place) throws IOException {
    Configuration configuration = new Configuration();
    for (Tuple2<String, String> setting : SparkEnv.get().conf().getAll()) {
      if (setting._1().startsWith(HADOOP)) {
        configuration.set(setting._1().substring(HADOOP.length()), setting._2());
      }
    }
    return new Path(place).getFileSystem(configuration);
  }

  /** Whether something is there. */
  static boolean exists(String place) {
    try {
      return mounted(place) ? Files.exists(path(place)) : system(place).exists(new Path(place));
    } catch (IOException | RuntimeException problem) {
      throw DataException.unreadable(place, problem);
    }
  }

  /** Whether a folder is there. */
  static boolean isFolder(String place) {
    try {
      return mounted(place)
          ? Files.isDirectory(path(place))
          : system(place).getFileStatus(new Path(place)).isDirectory();
    } catch (IOException | RuntimeException problem) {
      throw DataException.unreadable(place, problem);
    }
  }

  /** A file's length in bytes. */
  static long length(String file) {
    try {
      return mounted(file)
          ? Files.size(path(file))
          : system(file).getFileStatus(new Path(file)).getLen();
    } catch (IOException | RuntimeException problem) {
      throw DataException.unreadable(file, problem);
    }
  }

  /** A file from a place in it on. */
  static InputStream open(String file, long from) {
    try {
      if (mounted(file)) {
        SeekableByteChannel channel = Files.newByteChannel(path(file));
        channel.position(from);
        return new BufferedInputStream(Channels.newInputStream(channel), 1 << 16);
      }
      FSDataInputStream in = system(file).open(new Path(file));
      in.seek(from);
      return new BufferedInputStream(in, 1 << 16);
    } catch (IOException | RuntimeException problem) {
      throw DataException.unreadable(file, problem);
    }
  }

  /** All bytes of a file that is no longer than an array. */
  static byte[] bytes(String file) {
    try (InputStream in = open(file, 0)) {
      return in.readAllBytes();
    } catch (IOException problem) {
      throw DataException.unreadable(file, problem);
    }
  }

  /** What folders hold. */
  static ImageFolder.FolderNames names() {
    return new ImageFolder.FolderNames() {
      @Override
      public List<String> folders(String folder) {
        return listed(folder, true);
      }

      @Override
      public List<String> files(String folder) {
        return listed(folder, false);
      }
    };
  }

  private static List<String> listed(String folder, boolean folders) {
    try {
      if (!mounted(folder)) {
        return Arrays.stream(system(folder).listStatus(new Path(folder)))
            .filter(entry -> entry.isDirectory() == folders)
            .map(FileStatus::getPath)
            .map(Path::getName)
            .toList();
      }
      try (Stream<java.nio.file.Path> entries = Files.list(path(folder))) {
        return entries
            .filter(folders ? Files::isDirectory : Files::isRegularFile)
            .map(entry -> String.valueOf(entry.getFileName()))
            .toList();
      }
    } catch (IOException | RuntimeException problem) {
      throw DataException.unreadable(folder, problem);
    }
  }
}
