/**
 * What this machine and JDK offer to libco4j, and what is missing. Start at {@link io.github.libco4j.doctor.Doctor}.
 *
 * <p>It uses the API as any program does. Nothing depends on it.
 */
@NullMarked
package io.github.libco4j.doctor;

import org.jspecify.annotations.NullMarked;
