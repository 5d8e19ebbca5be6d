package io.github.libco4j.internal.jdk;

/**
 * What a generator knows of its {@link NestedContinuation}. That class cannot be loaded before libco4j is set up, so the
 * generator has no field and no method of that type: reflection that lists those loads their classes.
 */
public interface GeneratorBody {
    /** See {@link NestedContinuation#resume}. */
    void resume();

    /** See {@link NestedContinuation#suspend}. */
    void suspend();

    /** Whether it has run to its end. */
    boolean isDone();

    /** See {@link NestedContinuation#isCurrent}. */
    boolean isCurrent();

    /** See {@link NestedContinuation#requireMonitorOwner}. */
    void requireMonitorOwner();

    /** See {@link NestedContinuation#pinLike}. */
    void pinLike(GeneratorBody outer);
}
