package dev.narrows.training.torch;

/**
 * What a batch gave.
 *
 * @param loss mean cross-entropy in nats
 * @param correct images whose best score is their class
 */
public record StepResult(double loss, int correct, int images) {}
