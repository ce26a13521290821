package dev.narrows.experiments.mlflow;

/**
 * One value of a metric.
 *
 * @param key as {@link MlflowNames} makes them
 * @param value finite
 * @param step epochs of the whole run, counted from 1
 * @param millis since 1970
 */
record MetricValue(String key, double value, long step, long millis) {}
