package io.github.libco4j.internal.loop;

import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What other threads hand to a loop, until the loop takes it: many producers, one consumer, no locks and no allocation
 * (R. K. Treiber's stack, 1986, linked through a field of the elements).
 *
 * @param <E> the elements; each can be in one such stack at a time
 */
@SuppressWarnings("ReferenceEquality") // END and CLOSED are themselves only.
public final class RemoteQueue<E> {
    /*
     * An element's link is null while it is in no stack. A producer
     *   P1. claims the element: link null -> END. If it is claimed already, the loop has yet to look at it: done;
     *   P2. pushes it: link = head, head = element. If the stack is closed, it gives the claim back and says so.
     * The loop
     *   L1. takes the whole stack: head -> EMPTY;
     *   L2. for each element, oldest first: clears its link, and only then looks at what it stands for.
     *
     * How each submission is caught. A producer makes the thread runnable (a volatile write) before P1. If P1 finds a
     * claim, that claim is older than the loop's L2, which clears it (a volatile write) before it looks at the thread
     * (a volatile read): the loop finds it runnable. If P1 claims, L1 takes the element, or P2 finds the stack closed.
     */
    private static final Object END = new Object();
    private static final Object CLOSED = new Object();

    private final AtomicReferenceFieldUpdater<E, @Nullable Object> link;
    private final AtomicReference<@Nullable Object> head = new AtomicReference<>();

    /** A stack whose elements are linked by the given field, which nobody else may use. */
    public RemoteQueue(AtomicReferenceFieldUpdater<E, @Nullable Object> link) {
        this.link = link;
    }

    /** Hands over an element. Any thread may call it. Returns false if the stack is closed. */
    public boolean submit(E element) {
        if (!link.compareAndSet(element, null, END)) {
            return true;
        }
        Object top;
        do {
            top = head.get();
            if (top == CLOSED) {
                link.set(element, null);
                return false;
            }
            link.set(element, top == null ? END : top);
        } while (!head.compareAndSet(top, element));
        return true;
    }

    /** Tells whether there is nothing to take. */
    public boolean isEmpty() {
        Object top = head.get();
        return top == null || top == CLOSED;
    }

    /** Takes all elements, oldest first. Loop thread only. */
    public void takeAll(Consumer<? super E> consumer) {
        if (isEmpty()) {
            return;
        }
        @Nullable Object reversed = null;
        for (Object top = head.getAndSet(null); top != null; ) {
            E element = element(top);
            Object below = link.get(element);
            link.lazySet(element, reversed == null ? END : reversed);
            reversed = top;
            top = below == END ? null : below;
        }
        while (reversed != null) {
            E element = element(reversed);
            Object above = link.get(element);
            link.set(element, null);
            reversed = above == END ? null : above;
            try {
                consumer.accept(element);
            } catch (Throwable failure) {
                submit(element);
                submitAll(reversed);
                throw failure;
            }
        }
    }

    /** The consumer has failed: what is left is submitted again, which takes no memory. */
    private void submitAll(@Nullable Object first) {
        for (Object next = first; next != null; ) {
            E element = element(next);
            Object above = link.get(element);
            link.set(element, null);
            submit(element);
            next = above == END ? null : above;
        }
    }

    /** Refuses further elements, if there are none to take. Loop thread only. Returns false if there are. */
    public boolean closeIfEmpty() {
        return head.compareAndSet(null, CLOSED) || head.get() == CLOSED;
    }

    @SuppressWarnings("unchecked") // What is neither null, END nor CLOSED is an element.
    private E element(Object top) {
        return (E) top;
    }
}
