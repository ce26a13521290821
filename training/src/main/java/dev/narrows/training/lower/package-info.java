/** From a trained model to the integer network, and from weight files to a model. */
@NullMarked
package dev.narrows.training.lower;

import org.jspecify.annotations.NullMarked;
