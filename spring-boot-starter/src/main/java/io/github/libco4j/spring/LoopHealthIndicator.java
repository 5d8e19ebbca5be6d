package io.github.libco4j.spring;

import io.github.libco4j.EventLoop;
import io.github.libco4j.EventLoopGroup;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * Up if each loop runs a new coroutine within a time. That is asked of all loops at once; one that is held by a coroutine, or that has
 * too much to do, does not answer.
 */
final class LoopHealthIndicator extends AbstractHealthIndicator {
    private final EventLoopGroup group;
    private final Duration timeout;

    LoopHealthIndicator(EventLoopGroup group, Duration timeout) {
        super("The event loops cannot be asked");
        this.group = group;
        this.timeout = timeout;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) throws InterruptedException, ExecutionException {
        long asked = System.nanoTime();
        Map<EventLoop, CompletableFuture<Long>> answers = new LinkedHashMap<>();
        for (EventLoop loop : group.loops()) {
            CompletableFuture<Long> answer = new CompletableFuture<>();
            answers.put(loop, answer);
            try {
                loop.spawn("health", () -> answer.complete(System.nanoTime() - asked));
            } catch (RejectedExecutionException e) {
                answer.cancel(false);
            }
        }
        builder.up();
        for (Map.Entry<EventLoop, CompletableFuture<Long>> each : answers.entrySet()) {
            builder.withDetail(each.getKey().name(), state(builder, each.getValue(), asked + timeout.toNanos()));
        }
    }

    private String state(Health.Builder builder, CompletableFuture<Long> answer, long until)
            throws InterruptedException, ExecutionException {
        if (answer.isCancelled()) {
            builder.down();
            return "shut down or closed";
        }
        try {
            long nanos = answer.get(Math.max(0, until - System.nanoTime()), TimeUnit.NANOSECONDS);
            return "ran a new coroutine after " + TimeUnit.NANOSECONDS.toMicros(nanos) + " us";
        } catch (TimeoutException e) {
            builder.down();
            return "has not run a new coroutine for " + timeout.toMillis() + " ms; see its dump";
        }
    }
}
