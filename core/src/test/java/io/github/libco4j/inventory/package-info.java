/** The inventory of the JDK's blocking calls ({@code docs/blocking-calls.md}), and the test that tries each: {@code Inventory} is where to start. */
@NullMarked
package io.github.libco4j.inventory;

import org.jspecify.annotations.NullMarked;
