/**
 * What this machine and JDK offer to libco4j, and what is missing. Start at {@link io.github.libco4j.internal.doctor.Doctor}.
 *
 * <p>It uses the API as any program does. Nothing depends on it.
 */
@NullMarked
package io.github.libco4j.internal.doctor;

import org.jspecify.annotations.NullMarked;
