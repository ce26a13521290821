package dev.narrows.verify;

import java.io.IOException;
import java.nio.file.Path;

/** A file that cannot be read as a certificate: names the file, the place and what was expected. */
public final class CertificateFileException extends IOException {
  private static final long serialVersionUID = 1L;

  CertificateFileException(Path file, String place, String problem) {
    super(file + ": " + place + ": " + problem);
  }

  CertificateFileException(Path file, String place, String problem, Throwable cause) {
    super(file + ": " + place + ": " + problem, cause);
  }
}
