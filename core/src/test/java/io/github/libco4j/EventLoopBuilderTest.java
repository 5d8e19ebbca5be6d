package io.github.libco4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Options that do not apply are refused, each by its name; and a builder makes what it was asked for. */
@Tag("any-readiness")
class EventLoopBuilderTest {
    private static EventLoop.Builder builder() {
        return EventLoop.builder().name("optional");
    }

    @Test
    void aLoopWithOptionsRunsOnTheCallingThread() throws Exception {
        List<String> seen = new ArrayList<>();
        Thread caller = Thread.currentThread();
        builder().interposition(false).run(loop -> {
            assertThat(loop).isSameAs(EventLoop.current());
            assertThat(loop.thread()).isSameAs(caller);
            assertThat(Interposition.isEnabled()).isFalse();
            seen.add(loop.name());
        });
        EventLoop.run(loop -> seen.add(loop.name()));
        assertThat(seen).containsExactly("optional", "main");
    }

    @Test
    void whatIsOfAThreadOfItsOwnIsRefusedOnTheCallers() {
        Map.of(
                        "cpu(0)", builder().cpu(0),
                        "stackSize(1048576)", builder().stackSize(1 << 20),
                        "daemon(true)", builder().daemon(true))
                .forEach((option, builder) -> {
                    refused(() -> builder.run(loop -> {}), "cannot run event loop 'optional' with " + option, "start it",
                            Thread.currentThread().toString());
                    refused(builder::attach, "cannot attach event loop 'optional' with " + option, "start it",
                            Thread.currentThread().toString());
                });
    }

    @Test
    void whatIsTheDefaultAppliesEverywhere() throws Exception {
        builder().stackSize(0).daemon(false).run(loop -> {});
    }

    @Test
    void onWakeupIsForALoopThatSomebodyElseDrives() {
        EventLoop.Builder builder = builder().onWakeup(() -> {});
        refused(builder::start, "cannot start event loop 'optional' with onWakeup", "attach it");
        refused(() -> builder.run(loop -> {}), "cannot run event loop 'optional' with onWakeup", "attach it");
    }

    @Test
    void aBuilderThatHasAttachedALoopMakesNoneThatDrivesItself() {
        EventLoop.Builder builder = builder();
        try (EventLoop attached = builder.attach()) {
            String owner = attached.thread().toString();
            refused(builder::start, "cannot start event loop 'optional'", "attached a loop to " + owner,
                    "another EventLoop.builder()");
            refused(() -> builder.run(loop -> {}), "cannot run event loop 'optional'", "attached a loop to " + owner,
                    "another EventLoop.builder()");
        }
    }

    @Test
    void aBuilderStartsSeveralLoops() {
        EventLoop.Builder builder = builder();
        try (EventLoop one = builder.start();
                EventLoop other = builder.name("other").start()) {
            assertThat(one.name()).isEqualTo("optional");
            assertThat(other.name()).isEqualTo("other");
        }
    }

    private static void refused(ThrowingCallable call, String... parts) {
        assertThatThrownBy(call).isInstanceOf(IllegalStateException.class).hasMessageContainingAll(parts);
    }
}
