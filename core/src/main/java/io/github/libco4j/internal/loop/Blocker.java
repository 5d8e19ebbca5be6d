package io.github.libco4j.internal.loop;

/**
 * A blocker ({@link java.util.concurrent.locks.LockSupport#park(Object)}) whose {@code toString} dumps may call, since it
 * takes no lock and calls no user code.
 */
public interface Blocker {}
