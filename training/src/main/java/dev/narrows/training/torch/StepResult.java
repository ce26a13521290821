package dev.narrows.training.torch;

/**
 * The results of a training step.
 *
 * @param loss mean cross-entropy in nats, over all places that have labels
 * @param correct places whose best score is their label
 */
public record StepResult(double loss, int correct, int images) {}
