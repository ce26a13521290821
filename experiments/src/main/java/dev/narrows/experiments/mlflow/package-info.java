/**
 * Runs and sweeps as an MLflow tracking server shows them. A run folder is the truth: all that is
 * sent is read from its files, and sending makes the server hold what they hold, however often it
 * is done.
 */
@NullMarked
package dev.narrows.experiments.mlflow;

import org.jspecify.annotations.NullMarked;
