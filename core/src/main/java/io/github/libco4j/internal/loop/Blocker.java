package io.github.libco4j.internal.loop;

/**
 * A blocker ({@link java.util.concurrent.locks.LockSupport#park(Object)}) that dumps may ask what it is: its
 * {@code toString} takes no lock and calls no user code.
 */
public interface Blocker {}
