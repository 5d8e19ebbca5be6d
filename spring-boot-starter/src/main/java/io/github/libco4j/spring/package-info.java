/**
 * Spring Boot on event loops: what runs on virtual threads where {@code spring.threads.virtual.enabled} is true runs in coroutines of
 * an {@link io.github.libco4j.EventLoopGroup} that this starter makes. Only {@link io.github.libco4j.spring.LoopProperties} and the
 * group's bean are meant for applications.
 */
@NullMarked
package io.github.libco4j.spring;

import org.jspecify.annotations.NullMarked;
