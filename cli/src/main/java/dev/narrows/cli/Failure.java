package dev.narrows.cli;

import dev.narrows.core.accumulator.OperandException;
import dev.narrows.core.dot.AccumulatorTextException;
import dev.narrows.data.DataException;
import dev.narrows.experiments.cluster.ClusterException;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.narrow.NoPlanException;
import dev.narrows.experiments.pipeline.NotCertifiedException;
import dev.narrows.experiments.training.TrainingCancelledException;
import dev.narrows.experiments.training.TrainingException;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.UnsupportedLayersException;
import dev.narrows.network.execute.LayerArithmeticException;
import dev.narrows.network.hosted.HostedException;
import dev.narrows.network.hosted.MissingRuntimeException;
import dev.narrows.network.layer.FloatLayersException;
import dev.narrows.network.program.ProgramException;
import dev.narrows.repair.network.CannotRepairException;
import dev.narrows.report.run.StoredRunException;
import dev.narrows.verify.CertificateFileException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/** What went wrong, in one line, and the exit code that goes with it. */
record Failure(int exitCode, String line) {
  private static final Pattern CONTROL = Pattern.compile("\\p{Cc}");

  static Failure of(Throwable thrown) {
    return switch (thrown) {
      case BadInputException e -> new Failure(ExitCode.BAD_INPUT, message(e));
      case DataException e -> new Failure(ExitCode.BAD_INPUT, message(e));
      case NetworkFileException e -> new Failure(ExitCode.BAD_INPUT, message(e));
      case UnsupportedLayersException e -> new Failure(ExitCode.BAD_INPUT, message(e));
      case FloatLayersException e -> new Failure(ExitCode.BAD_INPUT, message(e));
      case LayerArithmeticException e -> new Failure(ExitCode.BAD_INPUT, message(e));
      case ProgramException e -> new Failure(ExitCode.BAD_INPUT, message(e));
      case HostedException e -> new Failure(ExitCode.FAILED, message(e));
      case MissingRuntimeException e ->
          new Failure(
              Boolean.getBoolean("narrows.builds") ? ExitCode.NEEDS_RUNTIME : ExitCode.FAILED,
              message(e));
      case StoredRunException e -> new Failure(ExitCode.BAD_INPUT, message(e));
      case CertificateFileException e -> new Failure(ExitCode.BAD_INPUT, message(e));
      case AccumulatorTextException e -> new Failure(ExitCode.BAD_INPUT, message(e));
      case OperandException e -> new Failure(ExitCode.BAD_INPUT, message(e));
      case CannotRepairException e -> new Failure(ExitCode.NOT_GUARANTEED, message(e));
      case NoPlanException e -> new Failure(ExitCode.NOT_GUARANTEED, message(e));
      case NotCertifiedException e -> new Failure(ExitCode.NOT_GUARANTEED, message(e));
      case TrainingCancelledException e -> new Failure(ExitCode.INTERRUPTED, message(e));
      case ClusterException e -> new Failure(ExitCode.FAILED, message(e));
      case TrainingException e -> new Failure(ExitCode.FAILED, message(e));
      case UncheckedIOException e ->
          of(Optional.<Throwable>ofNullable(e.getCause()).orElseGet(() -> new IOException(e)));
      // what a folder is made of: something is there that the user named as one
      case FileAlreadyExistsException e ->
          new Failure(ExitCode.BAD_INPUT, e.getFile() + ": is a file, expected a folder");
      case IOException e -> new Failure(ExitCode.FAILED, io(e));
      case OutOfMemoryError e ->
          new Failure(
              ExitCode.FAILED,
              "out of memory ("
                  + e.getMessage()
                  + "); give the JVM more with NARROWS_HEAP=4g or look at fewer images with"
                  + " --limit");
      case UnsatisfiedLinkError e when message(e).startsWith("no jni") ->
          new Failure(ExitCode.FAILED, unpacked(message(e)));
      default ->
          new Failure(
              ExitCode.FAILED,
              "internal error: " + thrown + "; --verbose shows where, please report it");
    };
  }

  private static String message(Throwable e) {
    String line = String.valueOf(e.getMessage()).strip().replaceAll("\\s*\\n\\s*", " ");
    // What a hostile file put into the message must not steer a terminal.
    return CONTROL.matcher(line).replaceAll(c -> "\\\\u%04x".formatted((int) c.group().charAt(0)));
  }

  /** JavaCPP unpacks libtorch beside the user's files; where that fails it says nothing of why. */
  private static String unpacked(String text) {
    Path folder =
        Path.of(
            System.getProperty(
                "org.bytedeco.javacpp.cachedir",
                System.getProperty("user.home", "") + "/.javacpp/cache"));
    File place = folder.toFile().getAbsoluteFile();
    while (!place.exists() && place.getParentFile() != null) {
      place = place.getParentFile();
    }
    return ("libtorch could not be loaded (%s): it is unpacked into %s, which needs"
            + " 450 MB and has %,d MB free; %s")
        .formatted(
            text.replaceFirst(" in java\\.library\\.path.*", ""),
            folder,
            place.getUsableSpace() / 1_000_000,
            "make room, or name another folder with"
                + " NARROWS_JAVA_OPTIONS=-Dorg.bytedeco.javacpp.cachedir=FOLDER");
  }

  private static String io(IOException e) {
    String text = message(e);
    if (text.contains("No space left on device") || text.contains("Disk quota exceeded")) {
      return "the disk is full (" + text + "); nothing half-written was left behind";
    }
    return switch (e) {
      case NoSuchFileException missing -> missing.getFile() + ": no such file or folder";
      case AccessDeniedException denied -> denied.getFile() + ": permission denied";
      default -> text;
    };
  }
}
