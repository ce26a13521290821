package dev.narrows.report;

/**
 * The file a result is about.
 *
 * @param file as the user named it
 * @param sha256 of its bytes, in lower-case hexadecimal
 */
public record NetworkFile(String file, String sha256) {}
