/**
 * The known data sets: where they are looked for, how they are fetched and checked, how they are
 * split, and {@link dev.narrows.data.catalog.DataSource}, the one door from a user's text to data.
 */
@NullMarked
package dev.narrows.data.catalog;

import org.jspecify.annotations.NullMarked;
