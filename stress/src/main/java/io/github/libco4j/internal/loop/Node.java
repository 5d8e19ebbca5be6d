package io.github.libco4j.internal.loop;

import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/** Something that is handed to a loop: a task as {@link RemoteQueue} sees it, with what it stands for in one int. */
final class Node {
    static final AtomicReferenceFieldUpdater<Node, @Nullable Object> LINK =
            AtomicReferenceFieldUpdater.newUpdater(Node.class, Object.class, "link");

    private volatile @Nullable Object link;

    /** 1 from the moment when its thread may run until the loop has seen it. */
    volatile int runnable;
}
