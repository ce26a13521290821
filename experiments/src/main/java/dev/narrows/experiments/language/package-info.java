/** Language models in integers: what was asked for, and the folder that it is made in. */
@NullMarked
package dev.narrows.experiments.language;

import org.jspecify.annotations.NullMarked;
