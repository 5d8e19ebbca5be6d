/**
 * One event loop: its tasks, ready queue, timers and wake-ups. Start at {@link io.github.libco4j.internal.loop.Loop#iterate}
 * for what a loop does, and at {@link io.github.libco4j.internal.loop.Scheduler} for what happens to a task.
 *
 * <p>The classes are in an order, in which each depends on earlier ones only: parts, tasks, what serves the scheduler, the
 * scheduler, the loop. {@code LoopRoomTest} has the list.
 *
 * <p>"The loop's thread" is the one that sits in its {@link io.github.libco4j.internal.loop.Seat}.
 *
 * <p>This package knows threads and time. It uses nothing of {@code java.net}, {@code java.nio} or {@code java.io}: how a
 * loop waits for I/O is behind {@link io.github.libco4j.internal.loop.Readiness}, and the descriptor for which a coroutine
 * waits is a field of the task's superclass in {@code java.base}, which interposition alone reads. The package depends on
 * the JDK room and on nothing else of libco4j.
 */
@NullMarked
package io.github.libco4j.internal.loop;

import org.jspecify.annotations.NullMarked;
