package dev.narrows.network.tflite;

/**
 * How a recurrent operator is run.
 *
 * @param timeFirst whether steps come before the batch
 * @param asymmetric whether what integers are multiplied with is quantised with a zero point
 * @param backwards from the last step to the first
 */
record LstmForm(boolean timeFirst, boolean asymmetric, boolean backwards) {}
