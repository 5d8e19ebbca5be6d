/** The runner of the stress tests; start at {@link io.github.libco4j.stress.Stress}. */
package io.github.libco4j.stress;
