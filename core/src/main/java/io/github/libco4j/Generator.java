package io.github.libco4j;

import io.github.libco4j.internal.jdk.GeneratorBody;
import io.github.libco4j.internal.jdk.Jdk;
import io.github.libco4j.internal.jdk.LockStack;
import io.github.libco4j.internal.jdk.NestedContinuation;
import io.github.libco4j.internal.loop.Resumer;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * A sequence of values that a body yields, each when the consumer asks for it:
 *
 * <pre>{@code
 * var squares = Generator.<Integer>of(y -> {
 *     for (int i = 0; ; i++) {
 *         y.yield(i * i);
 *     }
 * });
 * squares.stream().limit(5).forEach(System.out::println);
 * }</pre>
 *
 * <p>The body runs inside the consumer's thread, platform or virtual, in a coroutine or not, suspended at its yield
 * between two values. If it blocks, the consumer blocks: in a coroutine, that coroutine is suspended. A generator can be
 * consumed once, by one thread at a time, which need not always be the same. It is its own {@link Iterator}.
 *
 * <p>A {@link ScopedValue} is bound in the body as it was where the first value was asked for, or as the body itself binds
 * it, which the consumer does not see.
 *
 * <p>A generator that is abandoned half-way is collected, and the {@code finally} blocks of its body do not run then. {@link
 * #close} runs them. Monitors that the body has entered when it yields are its thread's, and the next value can be asked for by
 * that thread only.
 *
 * @param <T> the type of the values
 */
@SuppressWarnings("IterableAndIterator") // Its values are not kept: it can be iterated once, and says so.
public final class Generator<T extends @Nullable Object> implements Iterator<T>, Iterable<T>, AutoCloseable {
    /**
     * The code that yields the values.
     *
     * @param <T> the type of the values
     */
    @FunctionalInterface
    public interface Body<T extends @Nullable Object> {
        /**
         * Calls {@link Yielder#yield} for each value.
         *
         * @param yielder gives the consumer a value; of use in this body only
         * @throws Exception what goes to the consumer, which has asked for the next value
         */
        void run(Yielder<T> yielder) throws Exception;
    }

    /**
     * The way to yield values, which the body of a generator has and its consumer has not.
     *
     * @param <T> the type of the values
     */
    public static final class Yielder<T extends @Nullable Object> {
        private final Generator<T> generator;

        private Yielder(Generator<T> generator) {
            this.generator = generator;
        }

        /**
         * Gives the consumer its next value, and returns when the consumer asks for the value after that.
         *
         * @param next the value
         * @throws IllegalStateException if it was carried out of its body, or if a native frame or class initialiser stands
         *     between
         * @throws CancellationException if the generator has been closed meanwhile: let it pass
         */
        @SuppressWarnings("NamedLikeContextualKeyword") // The field's word; it is always qualified.
        public void yield(T next) {
            generator.yieldValue(next);
        }

        /**
         * Gives the consumer all values of another generator. A value costs the same however deep generators are nested.
         *
         * @param inner the other generator, which has not been consumed
         * @throws IllegalStateException if it was carried out of its body, or if {@code inner} is being consumed already
         * @throws RuntimeException what leaves the body of {@code inner}, as {@link Generator#next} throws it
         * @throws CancellationException if the generator has been closed meanwhile: let it pass
         */
        public void yieldAll(Generator<T> inner) {
            generator.yieldValuesOf(inner);
        }
    }

    /*
     * A generator that yields all values of another generator does not pass each value on. The outermost generator, which the
     * consumer has, is the "root" of all that are nested in it. It runs the innermost generator ("active") itself, while the
     * generators between are suspended in their yieldAll. So a value costs one switch at any depth of recursion.
     */
    private final GeneratorBody continuation;
    private Generator<T> root = this;
    private Generator<T> active = this; // of a root only
    private @Nullable Generator<T> outer; // waits in yieldAll for this generator

    private @Nullable T value;
    private boolean hasValue;
    private boolean started;
    private boolean iterated;
    private boolean closing;
    private @Nullable Throwable thrown;
    private @Nullable Thread consumer; // the thread that is inside this root

    @SuppressWarnings("this-escape") // The body does not run before somebody asks for a value.
    private Generator(Body<T> body) {
        this.continuation = new NestedContinuation(() -> {
            try {
                body.run(new Yielder<>(this));
            } catch (Throwable t) {
                if (!(closing && t instanceof CancellationException)) {
                    thrown = t;
                }
            }
        });
    }

    /**
     * Makes a generator. Its body starts when the first value is asked for. Any thread may call it.
     *
     * @param <T> the type of the values
     * @param body yields the values
     * @return the new generator
     * @throws IllegalStateException if the JDK is not open to libco4j; the message says which option that needs
     */
    public static <T extends @Nullable Object> Generator<T> of(Body<T> body) {
        Jdk.require();
        LockStack.require();
        return new Generator<>(body);
    }

    // ---------------------------------------------------------------------------------------------- for the body

    private void yieldValue(T next) {
        requireInside();
        throwIfClosing();
        value = next;
        hasValue = true;
        try {
            suspend();
        } catch (IllegalStateException pinned) {
            value = null;
            hasValue = false;
            throw pinned;
        }
    }

    private void yieldValuesOf(Generator<T> inner) {
        requireInside();
        throwIfClosing();
        inner.claim();
        inner.started = true;
        inner.root = root;
        inner.outer = this;
        inner.continuation.pinLike(continuation);
        root.active = inner;
        try {
            suspend();
        } catch (IllegalStateException pinned) {
            root.active = this;
            throw pinned;
        }
        Throwable failure = inner.thrown;
        if (failure != null) {
            inner.thrown = null;
            throw Resumer.rethrow(failure);
        }
    }

    private void suspend() {
        continuation.suspend();
        throwIfClosing();
    }

    private void throwIfClosing() {
        if (closing) {
            throw new CancellationException("the generator was closed");
        }
    }

    /**
     * The consumer has no yielder, but a body can carry its yielder into the body of another generator, to another thread, or
     * out of itself. There the innermost continuation is not this generator's, and would be suspended in its place.
     */
    private void requireInside() {
        if (!continuation.isCurrent()) {
            throw new IllegalStateException("a generator can yield in its own body only, while its consumer asks for a "
                    + "value; this is " + Thread.currentThread() + ": call the yielder that this body was given");
        }
    }

    // ------------------------------------------------------------------------------------------ for the consumer

    /**
     * Tells whether there is another value; runs the body as far as the next yield, if need be.
     *
     * @throws IllegalStateException if the generator is being consumed elsewhere at this moment, or if another thread holds
     *     monitors of its body
     * @throws RuntimeException what leaves the body, if unchecked; a checked exception is the cause of a {@link
     *     CompletionException}
     */
    @Override
    public boolean hasNext() {
        requireRoot();
        return active.hasValue || advance();
    }

    /**
     * The next value.
     *
     * @throws NoSuchElementException if there is none
     * @throws IllegalStateException as {@link #hasNext}
     * @throws RuntimeException as {@link #hasNext}
     */
    @Override
    @SuppressWarnings("NullAway") // The value is what the body yielded: a T.
    public T next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the generator has no more values");
        }
        Generator<T> source = active;
        T next = source.value;
        source.value = null;
        source.hasValue = false;
        return next;
    }

    /** Runs bodies until one of them yields a value; returns false when the root's body has ended. */
    private boolean advance() {
        enter();
        try {
            while (true) {
                Generator<T> source = active;
                Generator<T> waiting = source.outer;
                source.started = true;
                if (!source.continuation.isDone() && !source.closing) {
                    source.continuation.resume();
                    if (active.hasValue) {
                        return true;
                    }
                } else if (waiting != null) {
                    active = waiting; // Its yieldAll goes on.
                } else {
                    break;
                }
            }
        } finally {
            consumer = null;
        }
        Throwable failure = thrown;
        if (failure != null) {
            thrown = null;
            throw Resumer.rethrow(failure);
        }
        return false;
    }

    private void requireRoot() {
        if (root != this) {
            throw new IllegalStateException("this generator is being consumed by yieldAll of another one");
        }
    }

    private void enter() {
        requireRoot();
        if (consumer != null) {
            throw new IllegalStateException("this generator is being consumed by " + consumer + "; this is "
                    + Thread.currentThread() + ": one consumer at a time, and not the body itself");
        }
        consumer = Thread.currentThread();
    }

    private void claim() {
        if (started || iterated || root != this) {
            throw new IllegalStateException("this generator is being consumed already; make another one of the same body");
        }
    }

    /**
     * This generator, once: the values are not kept.
     *
     * @return this generator
     * @throws IllegalStateException if it is being consumed already
     */
    @Override
    public Iterator<T> iterator() {
        claim();
        iterated = true;
        return this;
    }

    /**
     * The values as an ordered stream, once. To close the stream closes the generator.
     *
     * @return the stream
     * @throws IllegalStateException if it is being consumed already
     */
    public Stream<T> stream() {
        Spliterator<T> values = Spliterators.spliteratorUnknownSize(iterator(), Spliterator.ORDERED);
        return StreamSupport.stream(values, false).onClose(this::close);
    }

    /**
     * Ends the generator: there are no more values, and if its body is suspended its {@code finally} blocks run, here.
     * Does nothing if it has ended.
     *
     * @throws IllegalStateException as {@link #hasNext}
     * @throws RuntimeException what leaves the body meanwhile, as {@link #hasNext}
     */
    @Override
    public void close() {
        enter();
        Throwable failure = null;
        try {
            for (Generator<T> source = active; source != null; source = source.outer) {
                source.continuation.requireMonitorOwner();
                failure = source.unwind(failure);
            }
            active = this;
        } finally {
            consumer = null;
        }
        if (failure != null) {
            throw Resumer.rethrow(failure);
        }
    }

    /** Ends this generator's body. Returns what it has thrown, or else what the body nested in it has thrown. */
    private @Nullable Throwable unwind(@Nullable Throwable failureInside) {
        boolean suspended = started;
        closing = true;
        started = true;
        value = null;
        hasValue = false;
        while (suspended && !continuation.isDone()) {
            continuation.resume();
        }
        Throwable failure = thrown != null ? thrown : failureInside;
        thrown = null;
        return failure;
    }
}
