/** What is done to a float network before its weights become integers. */
@NullMarked
package dev.narrows.training.prepare;

import org.jspecify.annotations.NullMarked;
